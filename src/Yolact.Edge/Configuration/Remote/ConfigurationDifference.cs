using System.Globalization;
using System.Text.Json.Nodes;

namespace Yolact.Edge.Configuration.Remote;

/// <summary>Where two complete documents differ.</summary>
public static class ConfigurationDifference
{
    /// <summary>The JSON pointers of all values that differ; of lists of different length the list's own.</summary>
    /// <param name="before">A complete document.</param>
    /// <param name="after">Another one.</param>
    public static IReadOnlyList<string> Between(JsonObject before, JsonObject after)
    {
        ArgumentNullException.ThrowIfNull(before);
        ArgumentNullException.ThrowIfNull(after);
        List<string> pointers = [];
        Compare(before, after, "", pointers);
        return pointers;
    }

    private static void Compare(JsonNode? before, JsonNode? after, string pointer, List<string> pointers)
    {
        switch (before, after)
        {
            case (JsonObject a, JsonObject b):
                foreach (string name in a.Select(member => member.Key).Union(b.Select(member => member.Key)))
                    Compare(a[name], b[name], $"{pointer}/{JsonPointer.Escape(name)}", pointers);
                break;
            case (JsonArray a, JsonArray b) when a.Count == b.Count:
                for (int i = 0; i < a.Count; i++)
                    Compare(a[i], b[i], $"{pointer}/{i.ToString(CultureInfo.InvariantCulture)}", pointers);
                break;
            default:
                if (!JsonNode.DeepEquals(before, after))
                    pointers.Add(pointer);
                break;
        }
    }
}
