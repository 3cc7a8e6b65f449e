using System.Text.Json;
using System.Text.Json.Nodes;

namespace Yolact.Edge.Model.Configs;

/// <summary>
/// Fills in what a config's JSON leaves out. Source-generated deserialisation gives init-only members that are absent the default
/// of their type and not that of their initialiser; so the initialisers' values are put into the document first.
/// </summary>
internal static class ConfigDefaults
{
    private static readonly string[] Required = ["name", "classes", "blocks", "layers", "scales"];

    // Parts that may be absent as a whole: their defaults count only where they are there.
    private static readonly string[] Optional = ["deformable", "mask_rescoring"];

    private static readonly JsonObject Defaults = JsonSerializer.SerializeToNode(
        new YolactConfig
        {
            Name = "",
            Classes = [],
            Backbone = new BackboneConfig { Blocks = [], Deformable = new DeformableConfig { Layers = [] } },
            Anchors = new AnchorConfig { Scales = [] },
            MaskRescoring = new MaskRescoringConfig(),
        },
        ConfigJson.Default.YolactConfig)!.AsObject();

    /// <summary>Adds every missing member that has a default.</summary>
    /// <param name="document">A config's JSON; changed.</param>
    public static void Fill(JsonObject document) => Fill(document, Defaults);

    private static void Fill(JsonObject target, JsonObject defaults)
    {
        foreach ((string name, JsonNode? value) in defaults)
        {
            if (Required.Contains(name))
                continue;
            if (target[name] is JsonObject inner && value is JsonObject innerDefaults)
                Fill(inner, innerDefaults);
            else if (!target.ContainsKey(name) && !Optional.Contains(name) && !IsRequiredPart(value))
                target[name] = value?.DeepClone();
        }
    }

    // A part with required members of its own cannot be made up.
    private static bool IsRequiredPart(JsonNode? value) => value is JsonObject part && part.Any(member => Required.Contains(member.Key));
}
