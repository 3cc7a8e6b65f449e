using System.Collections;
using System.Globalization;
using System.Text.Json;
using System.Text.Json.Nodes;
using System.Text.Json.Serialization.Metadata;

namespace Yolact.Edge.Configuration;

/// <summary>Single settings from the environment (<c>YOLACT_EDGE__MQTT__HOST=plant</c>) or the command line (<c>--set mqtt/host=plant</c>).</summary>
internal static class ConfigurationOverrides
{
    /// <summary>What environment variables start with.</summary>
    public const string Prefix = "YOLACT_EDGE__";

    private const int MaxListLength = 64;

    /// <summary>The settings in an environment, in the order of their names.</summary>
    public static IEnumerable<ConfigurationSetting> FromEnvironment(IDictionary environment)
    {
        foreach (string name in environment.Keys.Cast<string>().Where(n => n.StartsWith(Prefix, StringComparison.Ordinal)).Order(StringComparer.Ordinal))
        {
            string[] steps = name[Prefix.Length..].ToLowerInvariant().Split("__");
            yield return new(name, steps, (string?)environment[name] ?? "");
        }
    }

    /// <summary>The setting in an argument <c>mqtt/host=plant</c>; null where it has no '='.</summary>
    public static ConfigurationSetting? FromArgument(string argument)
    {
        int equals = argument.IndexOf('=', StringComparison.Ordinal);
        return equals <= 0 ? null : new($"--set {argument[..equals]}", argument[..equals].Trim('/').Split('/'), argument[(equals + 1)..]);
    }

    /// <summary>Puts a setting into a document. What it is called there, and whether its type is right, is checked with the rest of it.</summary>
    /// <returns>What is wrong with the setting's path; null where it was put in.</returns>
    public static string? Apply(JsonObject document, ConfigurationSetting setting)
    {
        JsonNode at = document;
        for (int i = 0; i < setting.Steps.Count; i++)
        {
            bool last = i == setting.Steps.Count - 1;
            bool list = !last && int.TryParse(setting.Steps[i + 1], NumberStyles.None, CultureInfo.InvariantCulture, out _);
            JsonNode? next = last ? Value(setting) : Enter(at, setting.Steps[i]) ?? (list ? new JsonArray() : new JsonObject());
            if (Put(at, setting.Steps[i], next) is { } problem)
                return problem;
            at = next!;
        }
        return null;
    }

    private static JsonNode? Enter(JsonNode at, string step) => at switch
    {
        JsonObject map => map[step] is JsonObject or JsonArray ? map[step] : null,
        JsonArray list => int.TryParse(step, NumberStyles.None, CultureInfo.InvariantCulture, out int index) && index < list.Count ? list[index] : null,
        _ => null,
    };

    private static string? Put(JsonNode at, string step, JsonNode? value)
    {
        if (at is JsonObject map)
        {
            if (map[step] != value || value is null)
                map[step] = value;
            return null;
        }
        if (at is not JsonArray list || !int.TryParse(step, NumberStyles.None, CultureInfo.InvariantCulture, out int index))
            return $"'{step}' is no place in a list";
        if (index > list.Count || index >= MaxListLength)
            return $"the list has {list.Count} entries, so that {index} is not the next one";
        if (index == list.Count)
            list.Add(value);
        else if (list[index] != value)
            list[index] = value;
        return null;
    }

    // Numbers, lists and the like as JSON says; anything else, and everything that is to be a text, is a text.
    private static JsonNode? Value(ConfigurationSetting setting)
    {
        if (IsText(setting.Steps))
            return JsonValue.Create(setting.Value);
        try
        {
            return JsonNode.Parse(setting.Value, documentOptions: ConfigurationLoader.DocumentOptions);
        }
        catch (JsonException)
        {
            return JsonValue.Create(setting.Value);
        }
    }

    private static bool IsText(IReadOnlyList<string> steps)
    {
        JsonTypeInfo? type = ApplianceJson.Default.ApplianceOptions;
        foreach (string step in steps)
        {
            Type? next = type?.Kind == JsonTypeInfoKind.Object ? type.Properties.FirstOrDefault(p => p.Name == step)?.PropertyType : type?.ElementType;
            type = next is null ? null : ApplianceJson.Default.GetTypeInfo(Nullable.GetUnderlyingType(next) ?? next);
        }
        return type?.Type == typeof(string);
    }
}

/// <summary>One setting from outside the file.</summary>
/// <param name="Origin">What to call it in errors.</param>
/// <param name="Steps">Where it goes.</param>
/// <param name="Value">What it is set to, as text.</param>
internal sealed record ConfigurationSetting(string Origin, IReadOnlyList<string> Steps, string Value)
{
    /// <summary>JSON pointer of the place.</summary>
    public string Pointer => "/" + string.Join('/', Steps);
}
