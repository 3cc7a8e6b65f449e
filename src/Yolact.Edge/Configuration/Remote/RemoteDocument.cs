using System.Security.Cryptography;
using System.Text.Json;
using System.Text.Json.Nodes;

namespace Yolact.Edge.Configuration.Remote;

/// <summary>A document as it came, by which it is known again.</summary>
/// <param name="Version">Its version.</param>
/// <param name="Hash">SHA-256 of its content, lower-case hexadecimal, whatever the order of members and the white space.</param>
/// <param name="Content">What it says; laid over local configuration.</param>
public sealed record RemoteDocument(string Version, string Hash, JsonObject Content)
{
    /// <summary>True where it is the same document.</summary>
    /// <param name="version">The other's version.</param>
    /// <param name="hash">The other's hash.</param>
    public bool Is(string version, string hash) => Version == version && Hash == hash;

    /// <summary>The hash of a content.</summary>
    /// <param name="content">Any object.</param>
    public static string HashOf(JsonObject content)
    {
        using var buffer = new MemoryStream();
        using (var writer = new Utf8JsonWriter(buffer))
            WriteSorted(writer, content);
        return Convert.ToHexStringLower(SHA256.HashData(buffer.ToArray()));
    }

    private static void WriteSorted(Utf8JsonWriter writer, JsonNode? node)
    {
        switch (node)
        {
            case JsonObject map:
                writer.WriteStartObject();
                foreach ((string name, JsonNode? value) in map.OrderBy(member => member.Key, StringComparer.Ordinal))
                {
                    writer.WritePropertyName(name);
                    WriteSorted(writer, value);
                }
                writer.WriteEndObject();
                break;
            case JsonArray list:
                writer.WriteStartArray();
                foreach (JsonNode? value in list)
                    WriteSorted(writer, value);
                writer.WriteEndArray();
                break;
            case null:
                writer.WriteNullValue();
                break;
            default:
                node.WriteTo(writer);
                break;
        }
    }
}
