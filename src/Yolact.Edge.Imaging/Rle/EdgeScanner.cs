using System.Numerics;

namespace Yolact.Edge.Imaging.Rle;

/// <summary>
/// Finds where a mask changes between 0 and 1 when its picture is read column by column: the positions p (in px, column * height + row)
/// with m[p] != m[p - 1], where m[-1] = 0. 64 pixels are compared at once: a word xor itself moved by one row has a bit for every change.
/// </summary>
internal ref struct EdgeScanner
{
    /// <summary>The most edges that one word and a column's end give: less room than this ends a <see cref="Read"/>.</summary>
    public const int Slack = 65;

    private readonly ReadOnlySpan<ulong> _words;
    private readonly int _wordsPerColumn;
    private readonly bool _joined;
    private readonly int _lastBit;
    private readonly int _columnStep;
    private int _index;
    private int _wordInColumn;
    private int _position;
    private ulong _carry;

    public EdgeScanner(in BinaryMask mask)
    {
        PixelRect region = mask.Region;
        _words = mask.Words.Span;
        _wordsPerColumn = mask.WordsPerColumn;
        // Where the region is as high as the picture, the last row of a column is followed by the first of the next.
        _joined = region.Height == mask.Height;
        _lastBit = (region.Height - 1) & 63;
        _columnStep = mask.Height - ((_wordsPerColumn - 1) * 64);
        _position = (region.X * mask.Height) + region.Y;
    }

    /// <summary>The next edges in ascending order.</summary>
    /// <param name="edges">Takes positions in px; longer than <see cref="Slack"/>. Only the mask's very last edge can be the picture's size.</param>
    /// <returns>How many; 0 at the end.</returns>
    public int Read(scoped Span<int> edges)
    {
        int count = 0, index = _index, wordInColumn = _wordInColumn, position = _position;
        ulong carry = _carry;
        int lastWord = _wordsPerColumn - 1;
        while (index < _words.Length && edges.Length - count > Slack)
        {
            ulong word = _words[index++];
            ulong changes = word ^ ((word << 1) | carry);
            carry = word >> 63;
            if (wordInColumn < lastWord)
            {
                for (; changes != 0; changes &= changes - 1)
                    edges[count++] = position + BitOperations.TrailingZeroCount(changes);
                wordInColumn++;
                position += 64;
                continue;
            }

            if (_joined)
            {
                changes &= ulong.MaxValue >> (63 - _lastBit);
                carry = (word >> _lastBit) & 1;
            }
            for (; changes != 0; changes &= changes - 1)
                edges[count++] = position + BitOperations.TrailingZeroCount(changes);
            if (carry != 0 && (!_joined || index == _words.Length))
            {
                edges[count++] = position + _lastBit + 1;
                carry = 0;
            }
            wordInColumn = 0;
            position += _columnStep;
        }
        (_index, _wordInColumn, _position, _carry) = (index, wordInColumn, position, carry);
        return count;
    }
}
