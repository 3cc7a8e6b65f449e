using System.Text.Json.Nodes;

namespace Yolact.Edge.Configuration.Remote;

/// <summary>Lays a remote document over the local one: objects member by member, everything else (lists too) as a whole.</summary>
public static class DocumentOverlay
{
    /// <summary>The document that results; neither of the two is changed.</summary>
    /// <param name="local">What lies below.</param>
    /// <param name="remote">What lies above and wins.</param>
    public static JsonObject Lay(JsonObject local, JsonObject remote)
    {
        ArgumentNullException.ThrowIfNull(local);
        ArgumentNullException.ThrowIfNull(remote);
        var result = (JsonObject)local.DeepClone();
        Merge(result, remote);
        return result;
    }

    private static void Merge(JsonObject target, JsonObject source)
    {
        foreach ((string name, JsonNode? value) in source)
        {
            if (value is JsonObject inner && target[name] is JsonObject existing)
                Merge(existing, inner);
            else
                target[name] = value?.DeepClone();
        }
    }
}
