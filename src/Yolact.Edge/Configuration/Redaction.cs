using System.Buffers;
using System.Text.Json.Nodes;

namespace Yolact.Edge.Configuration;

/// <summary>
/// Takes secrets out of a configuration that is to be shown. Passwords are in files, which are named alone; what can hold one all the
/// same is the address of a network camera, or a pipeline with such an address.
/// </summary>
internal static class Redaction
{
    private static readonly SearchValues<char> AddressEnds = SearchValues.Create(" /?#\"'\t");

    /// <summary>What stands for a secret.</summary>
    public const string Hidden = "***";

    /// <summary>Hides secrets.</summary>
    /// <param name="document">Is changed.</param>
    public static void Apply(JsonObject document)
    {
        foreach (JsonNode? camera in document["cameras"] as JsonArray ?? [])
        {
            foreach (string member in (string[])["source", "pipeline"])
            {
                if (camera?[member] is JsonValue value && value.TryGetValue(out string? text))
                    camera[member] = Text(text);
            }
        }
    }

    /// <summary>A text without the user names and passwords of the addresses in it.</summary>
    public static string Text(string text)
    {
        for (int at = text.IndexOf("://", StringComparison.Ordinal); at >= 0; at = text.IndexOf("://", at + 3, StringComparison.Ordinal))
        {
            int end = text.AsSpan(at + 3).IndexOfAny(AddressEnds) is var found and >= 0 ? at + 3 + found : text.Length;
            int user = text.LastIndexOf('@', end - 1, end - at - 3);
            if (user > at + 2)
                text = string.Concat(text.AsSpan(0, at + 3), Hidden, text.AsSpan(user));
        }
        return text;
    }
}
