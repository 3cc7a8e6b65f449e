using System.Globalization;
using System.Text.Json;
using System.Text.Json.Nodes;
using System.Text.Json.Serialization.Metadata;
using Yolact.Edge.Imaging;

namespace Yolact.Edge.Configuration;

/// <summary>
/// Makes a document readable: reports every member that is unknown or of a wrong type, takes it out, and fills in what is missing, so
/// that reading cannot fail and the rules can be run over the rest.
/// </summary>
internal sealed class ConfigurationShape
{
    private readonly Action<string, string> _report;
    private int _problems;

    public ConfigurationShape(Action<string, string> report) => _report = report;

    /// <summary>Checks and fills up an object.</summary>
    /// <param name="document">Is changed.</param>
    /// <param name="type">What it is to become.</param>
    /// <param name="defaults">Members that the document may leave out; null where it may leave out none.</param>
    /// <param name="pointer">JSON pointer of the document.</param>
    public void Complete(JsonObject document, JsonTypeInfo type, JsonObject? defaults, string pointer = "")
    {
        Dictionary<string, JsonPropertyInfo> known = type.Properties.Where(p => p.Set is not null || p.AssociatedParameter is not null).ToDictionary(p => p.Name);
        foreach (string name in document.Select(member => member.Key).ToArray())
        {
            string at = $"{pointer}/{JsonPointer.Escape(name)}";
            if (!known.TryGetValue(name, out JsonPropertyInfo? property))
                Refuse(document, name, at, $"there is no such setting; known are {string.Join(", ", known.Keys)}");
            else if (!Accepts(document[name], property, defaults?[name], at, out string wanted))
                Refuse(document, name, at, wanted);
        }
        foreach ((string name, JsonPropertyInfo property) in known)
        {
            if (document.ContainsKey(name))
                continue;
            if (defaults is not null)
                document[name] = defaults[name]?.DeepClone();
            else if (property.IsRequired || property.AssociatedParameter is { HasDefaultValue: false })
                Report($"{pointer}/{JsonPointer.Escape(name)}", Expectation(property.PropertyType));
        }
    }

    private void Report(string pointer, string wanted)
    {
        _problems++;
        _report(pointer, wanted);
    }

    private void Refuse(JsonObject document, string name, string at, string wanted)
    {
        Report(at, wanted);
        document.Remove(name);
    }

    private bool Accepts(JsonNode? value, JsonPropertyInfo property, JsonNode? preset, string at, out string wanted)
    {
        wanted = Expectation(property.PropertyType);
        if (value is null)
        {
            wanted += ", not null";
            return property.IsSetNullable && (!property.PropertyType.IsValueType || Nullable.GetUnderlyingType(property.PropertyType) is not null);
        }
        return Accepts(value, property.PropertyType, preset as JsonObject, at);
    }

    private bool Accepts(JsonNode value, Type declared, JsonObject? preset, string at)
    {
        JsonTypeInfo type = TypeOf(declared);
        switch (type.Kind)
        {
            case JsonTypeInfoKind.Object:
                if (value is not JsonObject document)
                    return false;
                int before = _problems;
                Complete(document, type, preset ?? ConfigurationPrototypes.Of(type), at);
                // A structure without defaults cannot be read with a member missing.
                return preset is not null || ConfigurationPrototypes.Of(type) is not null || before == _problems;
            case JsonTypeInfoKind.Enumerable:
                return value is JsonArray list && AcceptsAll(list, type.ElementType!, at);
            default:
                return Reads(value, type);
        }
    }

    private bool AcceptsAll(JsonArray list, Type element, string at)
    {
        bool all = true;
        for (int i = 0; i < list.Count; i++)
        {
            string here = $"{at}/{i.ToString(CultureInfo.InvariantCulture)}";
            if (list[i] is { } value && Accepts(value, element, null, here))
                continue;
            Report(here, Expectation(element));
            if (ConfigurationPrototypes.Of(TypeOf(element)) is { } prototype)
                list[i] = prototype;
            else
                all = false;
        }
        return all;
    }

    private static bool Reads(JsonNode value, JsonTypeInfo type)
    {
        try
        {
            return JsonSerializer.Deserialize(value, type) is not null;
        }
        catch (Exception e) when (e is JsonException or FormatException or InvalidOperationException or OverflowException)
        {
            return false;
        }
    }

    private static JsonTypeInfo TypeOf(Type type) => ApplianceJson.Default.GetTypeInfo(Nullable.GetUnderlyingType(type) ?? type)
        ?? throw new InvalidOperationException($"{type} is not part of the configuration.");

    private static string Expectation(Type declared)
    {
        Type type = Nullable.GetUnderlyingType(declared) ?? declared;
        if (type.IsEnum)
            return $"one of {string.Join(", ", Enum.GetNames(type).Select(JsonNamingPolicy.SnakeCaseLower.ConvertName))}";
        if (type == typeof(PixelRect))
            return "an object with x, y, width and height";
        return TypeOf(type).Kind switch
        {
            JsonTypeInfoKind.Object => "an object",
            JsonTypeInfoKind.Enumerable => "a list",
            JsonTypeInfoKind.Dictionary => "an object of names and values",
            _ when type == typeof(string) => "a text",
            _ when type == typeof(bool) => "true or false",
            _ when type == typeof(float) || type == typeof(double) => "a number",
            _ => "a whole number",
        };
    }
}
