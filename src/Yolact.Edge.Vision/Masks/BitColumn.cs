namespace Yolact.Edge.Vision.Masks;

/// <summary>Bits of one column of a mask, row r in bit r % 64 of word r / 64.</summary>
internal static class BitColumn
{
    /// <summary>Sets the bits from..to-1.</summary>
    /// <param name="words">The column.</param>
    /// <param name="from">First row.</param>
    /// <param name="to">Row after the last.</param>
    public static void SetRange(Span<ulong> words, int from, int to)
    {
        if (from >= to)
            return;
        int first = from >> 6, last = (to - 1) >> 6;
        ulong head = ulong.MaxValue << (from & 63), tail = ulong.MaxValue >> (63 - ((to - 1) & 63));
        if (first == last)
        {
            words[first] |= head & tail;
            return;
        }
        words[first] |= head;
        words[(first + 1)..last].Fill(ulong.MaxValue);
        words[last] |= tail;
    }
}
