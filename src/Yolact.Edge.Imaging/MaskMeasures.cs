using System.Numerics;

namespace Yolact.Edge.Imaging;

/// <summary>Area, extent and overlap of masks, 64 pixels at once.</summary>
public static class MaskMeasures
{
    /// <summary>Pixels that are set.</summary>
    /// <param name="mask">The mask.</param>
    public static int Area(this in BinaryMask mask)
    {
        int area = 0;
        foreach (ulong word in mask.Words.Span)
            area += BitOperations.PopCount(word);
        return area;
    }

    /// <summary>The smallest rectangle that holds every set pixel, in px of the picture; default for an empty mask.</summary>
    /// <param name="mask">The mask.</param>
    public static PixelRect BoundingBox(this in BinaryMask mask)
    {
        ReadOnlySpan<ulong> words = mask.Words.Span;
        int perColumn = mask.WordsPerColumn;
        int left = -1, right = 0, top = int.MaxValue, bottom = 0;
        for (int column = 0; column < mask.Region.Width; column++)
        {
            ReadOnlySpan<ulong> bits = words.Slice(column * perColumn, perColumn);
            int first = bits.IndexOfAnyExcept(0UL);
            if (first < 0)
                continue;
            int last = bits.LastIndexOfAnyExcept(0UL);
            if (left < 0)
                left = column;
            right = column + 1;
            top = Math.Min(top, (first * 64) + BitOperations.TrailingZeroCount(bits[first]));
            bottom = Math.Max(bottom, (last * 64) + 64 - BitOperations.LeadingZeroCount(bits[last]));
        }
        return left < 0 ? default : new PixelRect(mask.Region.X + left, mask.Region.Y + top, right - left, bottom - top);
    }

    /// <summary>Pixels that are set in both masks.</summary>
    /// <param name="a">One mask.</param>
    /// <param name="b">A mask of the same picture; regions may differ.</param>
    /// <exception cref="ArgumentException">The pictures differ in size.</exception>
    public static int Intersection(in BinaryMask a, in BinaryMask b)
    {
        if (a.Width != b.Width || a.Height != b.Height)
            throw new ArgumentException($"Masks of {a.Width} x {a.Height} px and {b.Width} x {b.Height} px have no common pixels.", nameof(b));
        int left = Math.Max(a.Region.X, b.Region.X), right = Math.Min(a.Region.Right, b.Region.Right);
        int top = Math.Max(a.Region.Y, b.Region.Y), bottom = Math.Min(a.Region.Bottom, b.Region.Bottom);
        int area = 0;
        for (int x = left; x < right && top < bottom; x++)
        {
            ReadOnlySpan<ulong> columnA = Column(a, x), columnB = Column(b, x);
            int row = top;
            for (; row + 64 <= bottom; row += 64)
                area += BitOperations.PopCount(Rows(columnA, row - a.Region.Y) & Rows(columnB, row - b.Region.Y));
            if (row < bottom)
            {
                ulong tail = ulong.MaxValue >> (64 - (bottom - row));
                area += BitOperations.PopCount(Rows(columnA, row - a.Region.Y) & Rows(columnB, row - b.Region.Y) & tail);
            }
        }
        return area;
    }

    /// <summary>Intersection over union (Jaccard index), 0..1; 0 where both masks are empty.</summary>
    /// <param name="a">One mask.</param>
    /// <param name="b">A mask of the same picture; regions may differ.</param>
    /// <exception cref="ArgumentException">The pictures differ in size.</exception>
    public static double Iou(in BinaryMask a, in BinaryMask b)
    {
        int intersection = Intersection(a, b);
        return intersection == 0 ? 0 : (double)intersection / ((long)a.Area() + b.Area() - intersection);
    }

    private static ReadOnlySpan<ulong> Column(in BinaryMask mask, int x) =>
        mask.Words.Span.Slice((x - mask.Region.X) * mask.WordsPerColumn, mask.WordsPerColumn);

    /// <summary>64 rows of a column from any row on; rows past its words are zero.</summary>
    private static ulong Rows(ReadOnlySpan<ulong> column, int row)
    {
        int word = row >> 6, shift = row & 63;
        ulong low = column[word] >> shift;
        return shift != 0 && word + 1 < column.Length ? low | (column[word + 1] << (64 - shift)) : low;
    }
}
