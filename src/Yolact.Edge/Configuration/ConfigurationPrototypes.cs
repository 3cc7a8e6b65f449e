using System.Text.Json;
using System.Text.Json.Nodes;
using System.Text.Json.Serialization.Metadata;
using Yolact.Edge.Capture.Cameras;
using Yolact.Edge.Capture.Gpio;
using Yolact.Edge.Messaging;
using Yolact.Edge.Models;
using Yolact.Edge.Rules;

namespace Yolact.Edge.Configuration;

/// <summary>
/// Defaults as JSON, to fill documents up with before they are read: source-generated readers do not know the initial values of init-only
/// members.
/// </summary>
internal static class ConfigurationPrototypes
{
    // What lists hold and what is null by default; the root's own defaults hold everything else.
    private static readonly Dictionary<Type, object> Elements = new()
    {
        [typeof(ApplianceOptions)] = new ApplianceOptions(),
        [typeof(CameraOptions)] = new CameraOptions(),
        [typeof(CameraControls)] = new CameraControls(),
        [typeof(ExpanderOptions)] = new ExpanderOptions(),
        [typeof(InputLineOptions)] = new InputLineOptions(),
        [typeof(OutputLineOptions)] = new OutputLineOptions(),
        [typeof(RuleOptions)] = new RuleOptions(),
        [typeof(ConditionOptions)] = new ConditionOptions(),
        [typeof(RuleOutputOptions)] = new RuleOutputOptions(),
        [typeof(TlsOptions)] = new TlsOptions(),
        [typeof(StrobeOptions)] = new StrobeOptions(),
        [typeof(ModelDownloadOptions)] = new ModelDownloadOptions(),
    };

    /// <summary>The default of an object type; null where every member has to be given.</summary>
    public static JsonObject? Of(JsonTypeInfo type) =>
        Elements.TryGetValue(type.Type, out object? value) ? JsonSerializer.SerializeToNode(value, type)!.AsObject() : null;
}
