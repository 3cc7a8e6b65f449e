using System.Numerics;
using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;
using Yolact.Edge.Imaging;
using Yolact.Edge.Vision.Preprocessing;

namespace Yolact.Edge.Vision.Masks;

/// <summary>
/// From a soft mask at prototype size to the picture's pixels: bilinear, half-pixel centres, then &gt; 0.5
/// (layers/output_utils.py:91-94 of dbolya/yolact). The crop's border is interpolated against the zeros around it.
///
/// The definition needs four reads and three blends a pixel; here it takes one blend for each output column and mask row. Between
/// two mask rows the value is linear: where both are above one half, so is every pixel between (and none where neither is), and a
/// run of such rows becomes one run of bits. Only pixels between a row above and a row not above are computed one by one.
/// Holds scratch memory: one thread at a time.
/// </summary>
/// <param name="longest">The mask's longer side.</param>
internal sealed class MaskUpsampler(int longest)
{
    private readonly BilinearTaps _columns = new(), _rows = new();
    private readonly float[] _blended = new float[longest + 2 + MaskColumns.Slack];
    private readonly ulong[] _above = new ulong[((longest + 2 + 63) / 64) + 1];

    /// <summary>Sets the sizes.</summary>
    /// <param name="maskWidth">Columns of the mask in the picture's orientation.</param>
    /// <param name="maskHeight">Its rows.</param>
    /// <param name="width">Columns to make.</param>
    /// <param name="height">Rows to make.</param>
    public void Begin(int maskWidth, int maskHeight, int width, int height)
    {
        _columns.Set(maskWidth, width);
        _rows.Set(maskHeight, height);
    }

    /// <summary>The pixels that a crop reaches: all whose interpolation reads at least one of its pixels.</summary>
    /// <param name="crop">In mask px.</param>
    public PixelRect RegionOf(PixelRect crop)
    {
        if (crop.IsEmpty)
            return default;
        int x = _columns.FirstFrom(crop.X - 1), y = _rows.FirstFrom(crop.Y - 1);
        return new(x, y, _columns.FirstFrom(crop.Right) - x, _rows.FirstFrom(crop.Bottom) - y);
    }

    /// <summary>Writes the bits of the crop's region.</summary>
    /// <param name="mask">The mask, whose crop has the region <paramref name="region"/>.</param>
    /// <param name="region">See <see cref="RegionOf"/>.</param>
    /// <param name="words">Column-major bits, as <see cref="BinaryMask"/> has them; need not be zero.</param>
    public void Upsample(MaskColumns mask, PixelRect region, Span<ulong> words)
    {
        int wordsPerColumn = BinaryMask.WordsFor(region.Height);
        words[..(region.Width * wordsPerColumn)].Clear();
        for (int i = 0; i < region.Width; i++)
        {
            int x = _columns.Index[region.X + i];
            if (mask.AnyAboveHalf(x) || mask.AnyAboveHalf(x + 1))
            {
                Blend(mask.Column(x), mask.Column(x + 1), _columns.Weight[region.X + i], mask.Crop.Height + 2);
                FillColumn(mask.Crop, region.Y, words.Slice(i * wordsPerColumn, wordsPerColumn));
            }
        }
    }

    // The column between two mask columns, and a bit for each of its values above one half.
    private void Blend(ReadOnlySpan<float> left, ReadOnlySpan<float> right, float weight, int count)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(left.Length, count + MaskColumns.Slack);
        ArgumentOutOfRangeException.ThrowIfLessThan(right.Length, count + MaskColumns.Slack);
        ArgumentOutOfRangeException.ThrowIfLessThan(_blended.Length, count + MaskColumns.Slack);
        ref float a = ref MemoryMarshal.GetReference(left);
        ref float b = ref MemoryMarshal.GetReference(right);
        ref float o = ref MemoryMarshal.GetArrayDataReference(_blended);
        Vector256<float> share = Vector256.Create(weight), rest = Vector256.Create(1 - weight), half = Vector256.Create(0.5f);
        for (int start = 0; start < count; start += 64)
        {
            ulong bits = 0;
            int end = Math.Min(64, count - start);
            for (int i = 0; i < end; i += 8)
            {
                nuint at = (nuint)(start + i);
                Vector256<float> v = (rest * Vector256.LoadUnsafe(ref a, at)) + (share * Vector256.LoadUnsafe(ref b, at));
                v.StoreUnsafe(ref o, at);
                bits |= (ulong)Vector256.GreaterThan(v, half).ExtractMostSignificantBits() << i;
            }
            _above[start >> 6] = end == 64 ? bits : bits & ((1ul << end) - 1);
        }
        _above[(count + 63) >> 6] = 0;
    }

    // Value i of the blended column is mask row crop.Y - 1 + i; between it and the next lie the output rows that read these two.
    private void FillColumn(PixelRect crop, int regionY, Span<ulong> column)
    {
        int intervals = crop.Height + 1;
        for (int start = 0; start < intervals; start += 64)
        {
            ulong low = _above[start >> 6], high = (low >> 1) | (_above[(start >> 6) + 1] << 63);
            ulong valid = intervals - start >= 64 ? ulong.MaxValue : (1ul << (intervals - start)) - 1;
            ulong both = low & high & valid, mixed = (low ^ high) & valid;
            int firstRow = crop.Y - 1 + start;
            while (both != 0)
            {
                int from = BitOperations.TrailingZeroCount(both);
                int to = from + BitOperations.TrailingZeroCount(~(both >> from));
                BitColumn.SetRange(column, _rows.FirstFrom(firstRow + from) - regionY, _rows.FirstFrom(firstRow + to) - regionY);
                both = to >= 64 ? 0 : both & (ulong.MaxValue << to);
            }
            for (; mixed != 0; mixed &= mixed - 1)
            {
                int i = BitOperations.TrailingZeroCount(mixed);
                FillBetween(start + i, firstRow + i, regionY, column);
            }
        }
    }

    // Eight output rows at a time between a mask row above one half and one not above.
    private void FillBetween(int at, int maskRow, int regionY, Span<ulong> column)
    {
        Vector256<float> upper = Vector256.Create(_blended[at]), lower = Vector256.Create(_blended[at + 1]);
        int end = _rows.FirstFrom(maskRow + 1);
        ReadOnlySpan<float> weights = _rows.WeightWithSlack;
        for (int y = _rows.FirstFrom(maskRow); y < end; y += 8)
        {
            Vector256<float> share = Vector256.Create(weights.Slice(y, 8));
            Vector256<float> value = ((Vector256<float>.One - share) * upper) + (share * lower);
            ulong bits = Vector256.GreaterThan(value, Vector256.Create(0.5f)).ExtractMostSignificantBits();
            bits &= (1ul << Math.Min(end - y, 8)) - 1;
            int row = y - regionY, shift = row & 63;
            column[row >> 6] |= bits << shift;
            if (shift > 56 && bits >> (64 - shift) is var rest and not 0)
                column[(row >> 6) + 1] |= rest;
        }
    }
}
