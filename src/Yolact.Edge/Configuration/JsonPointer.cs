using System.Globalization;
using System.Text.Json.Nodes;

namespace Yolact.Edge.Configuration;

/// <summary>JSON pointers (RFC 6901) into configurations.</summary>
internal static class JsonPointer
{
    /// <summary>A member's name as a step of a pointer (section 3).</summary>
    public static string Escape(string name) => name.Replace("~", "~0", StringComparison.Ordinal).Replace("/", "~1", StringComparison.Ordinal);

    /// <summary>True where a pointer names a place or something within it.</summary>
    /// <param name="pointer">What is asked about.</param>
    /// <param name="place">The place; empty for the whole document.</param>
    public static bool IsWithin(string pointer, string place) =>
        pointer.StartsWith(place, StringComparison.Ordinal) && (pointer.Length == place.Length || pointer[place.Length] == '/');

    /// <summary>The value at a place; null where there is none.</summary>
    public static JsonNode? Find(JsonNode? document, string pointer)
    {
        foreach (string step in pointer.Split('/').Skip(1).Select(Unescape))
        {
            document = document switch
            {
                JsonObject map => map[step],
                JsonArray list when int.TryParse(step, NumberStyles.None, CultureInfo.InvariantCulture, out int index) && index < list.Count => list[index],
                _ => null,
            };
        }
        return document;
    }

    /// <summary>Puts a copy of a value at a member's place, where the object that has the member is there.</summary>
    public static void Set(JsonObject document, string pointer, JsonNode? value)
    {
        int last = pointer.LastIndexOf('/');
        if (Find(document, pointer[..last]) is JsonObject parent)
            parent[Unescape(pointer[(last + 1)..])] = value?.DeepClone();
    }

    private static string Unescape(string step) => step.Replace("~1", "/", StringComparison.Ordinal).Replace("~0", "~", StringComparison.Ordinal);
}
