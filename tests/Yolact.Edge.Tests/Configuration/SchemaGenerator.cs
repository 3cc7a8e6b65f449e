using System.Reflection;
using System.Text.Json;
using System.Text.Json.Nodes;
using System.Text.Json.Schema;
using System.Text.RegularExpressions;
using System.Xml.Linq;
using Yolact.Edge.Configuration;

namespace Yolact.Edge.Tests.Configuration;

/// <summary>
/// Makes the configuration's JSON Schema from its types: names, types and enums by System.Text.Json, descriptions, ranges and defaults from
/// the XML documentation and the default options. What it claims about ranges is tested against the validators.
/// </summary>
internal static partial class SchemaGenerator
{
    public static JsonObject Generate()
    {
        JsonNode schema = ApplianceJson.Default.ApplianceOptions.GetJsonSchemaAsNode(new JsonSchemaExporterOptions
        {
            TreatNullObliviousAsNonNullable = true,
            TransformSchemaNode = Describe,
        });
        var result = new JsonObject
        {
            ["$schema"] = "https://json-schema.org/draft/2020-12/schema",
            ["$id"] = "appliance.schema.json",
            ["title"] = "Configuration of a Yolact.Edge appliance",
        };
        foreach ((string name, JsonNode? value) in schema.AsObject())
            result[name] = value?.DeepClone();
        return result;
    }

    private static JsonNode Describe(JsonSchemaExporterContext context, JsonNode schema)
    {
        if (schema is not JsonObject map)
            return schema;
        if (map.ContainsKey("properties"))
            map["additionalProperties"] = false;
        if (context.PropertyInfo?.AttributeProvider is not PropertyInfo property)
            return schema;
        string text = Documentation(property);
        if (text.Length > 0)
            map.Insert(0, "description", text);
        if (IsNumber(map["type"]) && Range().Match(text) is { Success: true } range)
        {
            map["minimum"] = JsonNode.Parse(range.Groups[1].Value);
            map["maximum"] = JsonNode.Parse(range.Groups[2].Value);
        }
        return schema;
    }

    private static bool IsNumber(JsonNode? type) =>
        type is JsonArray several ? several.Any(IsNumber) : type is JsonValue one && one.GetValue<string>() is "integer" or "number";

    private static string Documentation(PropertyInfo property)
    {
        string file = Path.ChangeExtension(property.DeclaringType!.Assembly.Location, ".xml");
        string id = $"P:{property.DeclaringType.FullName}.{property.Name}";
        XElement? member = XDocument.Load(file).Descendants("member").FirstOrDefault(m => (string?)m.Attribute("name") == id);
        string text = string.Concat(member?.Element("summary")?.Nodes().Select(Plain) ?? []);
        return Space().Replace(text, " ").Trim();
    }

    private static string Plain(XNode node) => node switch
    {
        XText text => text.Value,
        XElement { Name.LocalName: "see" } see => Word((string?)see.Attribute("cref") ?? ""),
        XElement element => element.Value,
        _ => "",
    };

    private static string Word(string reference)
    {
        string last = reference[(reference.LastIndexOf('.') + 1)..];
        return reference.StartsWith("T:", StringComparison.Ordinal) ? last : JsonNamingPolicy.SnakeCaseLower.ConvertName(last);
    }

    [GeneratedRegex(@"(-?\d+(?:\.\d+)?)\.\.(-?\d+(?:\.\d+)?)")]
    private static partial Regex Range();

    [GeneratedRegex(@"\s+")]
    private static partial Regex Space();
}
