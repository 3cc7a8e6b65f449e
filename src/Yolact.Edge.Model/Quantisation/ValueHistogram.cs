namespace Yolact.Edge.Model.Quantisation;

/// <summary>
/// What values a network's inner value takes, gathered over many pictures in one pass: a histogram around 0 whose bins double in width
/// whenever a value falls outside, two and two of them joining.
/// </summary>
public sealed class ValueHistogram
{
    /// <summary>Bins on each side of 0.</summary>
    public const int HalfBins = 2048;

    private readonly long[] _bins = new long[2 * HalfBins];
    private float _limit;
    private long _zeros;

    /// <summary>Smallest value seen; 0 where none was below.</summary>
    public float Min { get; private set; }

    /// <summary>Largest value seen; 0 where none was above.</summary>
    public float Max { get; private set; }

    /// <summary>Values seen.</summary>
    public long Count { get; private set; }

    /// <summary>Width of a bin; 0 while only zeros were seen.</summary>
    public double BinWidth => (double)_limit / HalfBins;

    /// <summary>Values in each bin; bin i holds [(i - <see cref="HalfBins"/>) w, (i + 1 - <see cref="HalfBins"/>) w). Exact zeros are not among them.</summary>
    public ReadOnlySpan<long> Bins => _bins;

    /// <summary>Exact zeros seen: what a ReLU leaves of half a network.</summary>
    public long Zeros => _zeros;

    /// <summary>Adds values.</summary>
    /// <param name="values">Any; those that are no finite numbers are passed over.</param>
    public void Add(ReadOnlySpan<float> values)
    {
        foreach (float value in values)
        {
            if (!float.IsFinite(value))
                continue;
            Count++;
            if (value == 0)
            {
                _zeros++;
                continue;
            }
            (Min, Max) = (Math.Min(Min, value), Math.Max(Max, value));
            if (Math.Abs(value) >= _limit)
                Widen(Math.Abs(value));
            _bins[Math.Clamp((int)Math.Floor(value / BinWidth) + HalfBins, 0, (2 * HalfBins) - 1)]++;
        }
    }

    private void Widen(float value)
    {
        if (_limit == 0)
        {
            // A power of two: joining bins then never splits one.
            _limit = MathF.ScaleB(1, Math.Max((int)Math.Floor(Math.Log2(value)) + 1, -100));
            return;
        }
        while (value >= _limit)
        {
            for (int i = 0; i < HalfBins / 2; i++)
            {
                int up = HalfBins + i, down = HalfBins - 1 - i;
                _bins[up] = _bins[HalfBins + (2 * i)] + _bins[HalfBins + (2 * i) + 1];
                _bins[down] = _bins[HalfBins - 1 - (2 * i)] + _bins[HalfBins - 2 - (2 * i)];
            }
            _bins.AsSpan(0, HalfBins / 2).Clear();
            _bins.AsSpan(HalfBins + (HalfBins / 2)).Clear();
            _limit *= 2;
        }
    }
}
