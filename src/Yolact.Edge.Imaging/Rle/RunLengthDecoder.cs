using System.Buffers;

namespace Yolact.Edge.Imaging.Rle;

/// <summary>
/// COCO's run lengths (see <see cref="RunLengthEncoder"/>) to masks. Input is not trusted: whatever is wrong with it is a
/// <see cref="FormatException"/> that says what and where, and no memory is taken before the runs are known to fill the picture exactly.
/// </summary>
public static class RunLengthDecoder
{
    /// <summary>The largest picture that is decoded, in px: its mask takes at most 32 MiB.</summary>
    public const int MaxPixels = 1 << 28;

    /// <summary>A mask from compressed `counts`.</summary>
    /// <param name="width">Columns of the picture, `size[1]`.</param>
    /// <param name="height">Rows of the picture, `size[0]`.</param>
    /// <param name="counts">UTF-8.</param>
    /// <returns>A mask whose region is the object's bounding box.</returns>
    /// <exception cref="FormatException">A character that is none of the code, a truncated or oversized run, a negative run, runs that do
    /// not add up to width * height, or a size below 1 px or above <see cref="MaxPixels"/>.</exception>
    public static BinaryMask Decode(int width, int height, ReadOnlySpan<byte> counts)
    {
        int pixels = CheckSize(width, height);
        int[] runs = ArrayPool<int>.Shared.Rent(Math.Max(counts.Length, 1));
        try
        {
            return FromRuns(width, height, runs.AsSpan(0, Parse(counts, pixels, runs)));
        }
        finally
        {
            ArrayPool<int>.Shared.Return(runs);
        }
    }

    /// <inheritdoc cref="Decode(int, int, ReadOnlySpan{byte})"/>
    /// <param name="width">Columns of the picture, `size[1]`.</param>
    /// <param name="height">Rows of the picture, `size[0]`.</param>
    /// <param name="counts">Compressed counts.</param>
    public static BinaryMask Decode(int width, int height, ReadOnlySpan<char> counts)
    {
        byte[] bytes = ArrayPool<byte>.Shared.Rent(Math.Max(counts.Length, 1));
        try
        {
            for (int i = 0; i < counts.Length; i++)
                bytes[i] = counts[i] <= byte.MaxValue ? (byte)counts[i] : byte.MaxValue;
            return Decode(width, height, bytes.AsSpan(0, counts.Length));
        }
        finally
        {
            ArrayPool<byte>.Shared.Return(bytes);
        }
    }

    /// <summary>A mask from uncompressed `counts`.</summary>
    /// <param name="width">Columns of the picture, `size[1]`.</param>
    /// <param name="height">Rows of the picture, `size[0]`.</param>
    /// <param name="runs">Lengths of runs of 0 and 1 by turns, beginning with 0, in px; a length may be 0.</param>
    /// <returns>A mask whose region is the object's bounding box.</returns>
    /// <exception cref="FormatException">A negative run, runs that do not add up to width * height, or a size below 1 px or above
    /// <see cref="MaxPixels"/>.</exception>
    public static BinaryMask FromRuns(int width, int height, ReadOnlySpan<int> runs)
    {
        int pixels = CheckSize(width, height);
        PixelRect region = Bounds(width, height, pixels, runs);
        int wordsPerColumn = BinaryMask.WordsFor(region.Height);
        ulong[] words = new ulong[region.Width * wordsPerColumn];
        int start = 0;
        for (int i = 0; i < runs.Length; start += runs[i++])
        {
            if ((i & 1) == 0 || runs[i] == 0)
                continue;
            (int column, int row) = Math.DivRem(start, height);
            for (int left = runs[i]; left > 0; column++, row = 0)
            {
                int rows = Math.Min(left, height - row);
                SetRows(words.AsSpan((column - region.X) * wordsPerColumn, wordsPerColumn), row - region.Y, rows);
                left -= rows;
            }
        }
        return new BinaryMask(width, height, region, words);
    }

    internal static int CheckSize(int width, int height)
    {
        if (width < 1 || height < 1 || (long)width * height > MaxPixels)
            throw new FormatException($"A mask of {width} x {height} px: both sides must be at least 1 px and the area at most {MaxPixels} px.");
        return width * height;
    }

    private static int Parse(ReadOnlySpan<byte> counts, int pixels, Span<int> runs)
    {
        int count = 0;
        for (int i = 0; i < counts.Length;)
        {
            int start = i;
            long value = 0;
            uint group;
            int shift = 0;
            do
            {
                if (i == counts.Length)
                    throw new FormatException($"RLE counts end within the run that begins at character {start}.");
                group = counts[i] - 48u;
                if (group > 63)
                    throw new FormatException($"RLE counts: character {i} (code {counts[i]}) is outside '0' to 'o'.");
                if (shift == 5 * RunFormatter.MaxCharacters)
                    throw new FormatException($"RLE counts: the run at character {start} has more than {RunFormatter.MaxCharacters} characters.");
                value |= (long)(group & 31) << shift;
                shift += 5;
                i++;
            }
            while ((group & 32) != 0);
            if ((group & 16) != 0)
                value |= -1L << shift;
            if (count > 2)
                value += runs[count - 2];
            if (value < 0 || value > pixels)
                throw new FormatException($"RLE counts: the run at character {start} is {value} long; 0 to {pixels} is possible.");
            runs[count++] = (int)value;
        }
        return count;
    }

    /// <summary>The bounding box of the runs of 1; checks every run on the way.</summary>
    private static PixelRect Bounds(int width, int height, int pixels, ReadOnlySpan<int> runs)
    {
        int left = width, right = 0, top = height, bottom = 0;
        int start = 0;
        for (int i = 0; i < runs.Length; i++)
        {
            int run = runs[i];
            if (run < 0)
                throw new FormatException($"RLE counts: run {i} is negative ({run}).");
            if (run > pixels - start)
                throw new FormatException($"RLE counts add up to more than the picture's {pixels} px ({height} x {width}) at run {i}.");
            if ((i & 1) != 0 && run > 0)
            {
                (int firstColumn, int firstRow) = Math.DivRem(start, height);
                (int lastColumn, int lastRow) = Math.DivRem(start + run - 1, height);
                if (firstColumn != lastColumn)
                    (firstRow, lastRow) = (0, height - 1);
                left = Math.Min(left, firstColumn);
                right = lastColumn + 1;
                top = Math.Min(top, firstRow);
                bottom = Math.Max(bottom, lastRow + 1);
            }
            start += run;
        }
        if (start != pixels)
            throw new FormatException($"RLE counts add up to {start} px; the picture has {pixels} ({height} x {width}).");
        return right == 0 ? default : new PixelRect(left, top, right - left, bottom - top);
    }

    private static void SetRows(Span<ulong> column, int row, int rows)
    {
        int first = row >> 6, last = (row + rows - 1) >> 6;
        ulong head = ulong.MaxValue << (row & 63), tail = ulong.MaxValue >> (63 - ((row + rows - 1) & 63));
        if (first == last)
        {
            column[first] |= head & tail;
            return;
        }
        column[first] |= head;
        column[(first + 1)..last].Fill(ulong.MaxValue);
        column[last] |= tail;
    }
}
