using System.Buffers;
using System.Runtime.CompilerServices;
using System.Text;

namespace Yolact.Edge.Imaging.Rle;

/// <summary>
/// Masks to COCO's run lengths. A picture of h x w px is read column by column as runs of 0 and 1 by turns, beginning with 0 (the first
/// run is 0 long where the first pixel is set); their lengths add up to h * w. `size` in COCO's JSON is [h, w].
/// The characters of compressed counts are '0' to 'o'; one of them is the backslash, which JSON escapes.
/// </summary>
public static class RunLengthEncoder
{
    private const int EdgesAtOnce = 512;

    /// <summary>Writes the compressed `counts` as UTF-8. Allocates nothing.</summary>
    /// <param name="mask">What to encode.</param>
    /// <param name="destination">Is asked for up to 4 KiB at a time.</param>
    [SkipLocalsInit]
    public static void Encode(in BinaryMask mask, IBufferWriter<byte> destination)
    {
        ArgumentNullException.ThrowIfNull(destination);
        EdgeScanner scanner = new(mask);
        RunFormatter formatter = default;
        Span<int> edges = stackalloc int[EdgesAtOnce];
        while (NextEdges(ref scanner, mask, formatter.Edge, edges) is var count and > 0)
            destination.Advance(formatter.Format(edges[..count], destination.GetSpan(BytesFor(count))));
    }

    /// <summary>Writes the compressed `counts` as UTF-8. Allocates nothing.</summary>
    /// <param name="mask">What to encode.</param>
    /// <param name="destination">Where to.</param>
    /// <param name="bytesWritten">How many bytes of <paramref name="destination"/> are the counts; 0 where they do not fit.</param>
    /// <returns>False where the counts do not fit; what <paramref name="destination"/> holds is then undefined.</returns>
    [SkipLocalsInit]
    public static bool TryEncode(in BinaryMask mask, Span<byte> destination, out int bytesWritten)
    {
        EdgeScanner scanner = new(mask);
        RunFormatter formatter = default;
        Span<int> edges = stackalloc int[EdgesAtOnce];
        Span<byte> tail = stackalloc byte[BytesFor(EdgesAtOnce)];
        bytesWritten = 0;
        while (NextEdges(ref scanner, mask, formatter.Edge, edges) is var count and > 0)
        {
            Span<byte> free = destination[bytesWritten..];
            if (free.Length >= BytesFor(count))
            {
                bytesWritten += formatter.Format(edges[..count], free);
                continue;
            }
            int length = formatter.Format(edges[..count], tail);
            if (!tail[..length].TryCopyTo(free))
            {
                bytesWritten = 0;
                return false;
            }
            bytesWritten += length;
        }
        return true;
    }

    /// <summary>The compressed `counts`.</summary>
    /// <param name="mask">What to encode.</param>
    public static string EncodeToString(in BinaryMask mask)
    {
        ArrayBufferWriter<byte> buffer = new();
        Encode(mask, buffer);
        return Encoding.ASCII.GetString(buffer.WrittenSpan);
    }

    /// <summary>The uncompressed `counts`: run lengths in px.</summary>
    /// <param name="mask">What to encode.</param>
    [SkipLocalsInit]
    public static int[] EncodeRuns(in BinaryMask mask)
    {
        EdgeScanner scanner = new(mask);
        List<int> runs = [];
        Span<int> edges = stackalloc int[EdgesAtOnce];
        int last = 0;
        while (NextEdges(ref scanner, mask, last, edges) is var count and > 0)
        {
            foreach (int edge in edges[..count])
            {
                runs.Add(edge - last);
                last = edge;
            }
        }
        return [.. runs];
    }

    private static int BytesFor(int edges) => (edges * RunFormatter.MaxCharacters) + RunFormatter.Overshoot;

    /// <summary>The mask's edges and, last of all, the end of the picture, where the last run ends.</summary>
    private static int NextEdges(ref EdgeScanner scanner, in BinaryMask mask, int last, scoped Span<int> edges)
    {
        int count = scanner.Read(edges);
        int pixels = mask.Width * mask.Height;
        if (count == 0 && last < pixels)
            edges[count++] = pixels;
        return count;
    }
}
