using System.Globalization;
using System.Net.Http.Headers;

namespace Yolact.Edge.Models;

/// <summary>What a hub says of a file before it sends the reader on to where the bytes lie.</summary>
/// <param name="Sha256">SHA-256 of the whole file, lower-case hexadecimal.</param>
/// <param name="Size">Bytes.</param>
public sealed record PublishedFile(string Sha256, long Size)
{
    private const string HashHeader = "X-Linked-ETag";
    private const string SizeHeader = "X-Linked-Size";

    /// <summary>Reads the headers of a response of the hub; null where they are missing or hold no SHA-256.</summary>
    /// <param name="headers">The headers.</param>
    public static PublishedFile? From(HttpResponseHeaders headers)
    {
        ArgumentNullException.ThrowIfNull(headers);
        return headers.TryGetValues(HashHeader, out IEnumerable<string>? hashes)
            && headers.TryGetValues(SizeHeader, out IEnumerable<string>? sizes)
            && hashes.First().Trim('"') is { Length: 64 } hash && hash.All(char.IsAsciiHexDigit)
            && long.TryParse(sizes.First(), NumberStyles.None, CultureInfo.InvariantCulture, out long size)
                ? new PublishedFile(hash.ToLowerInvariant(), size)
                : null;
    }
}
