namespace Yolact.Edge.Model.Quantisation;

/// <summary>Chooses the range of a value from what calibration saw of it.</summary>
public static class RangeEstimator
{
    // Candidates for an end of the range: from all that was seen down to a tenth of it.
    private const int Candidates = 46;
    private const double SmallestShare = 0.1;

    /// <summary>The range.</summary>
    /// <param name="seen">What was seen.</param>
    /// <param name="options">By which method, and for which target.</param>
    public static ValueRange Estimate(ValueHistogram seen, QuantisationOptions options)
    {
        ArgumentNullException.ThrowIfNull(seen);
        ArgumentNullException.ThrowIfNull(options);
        var all = new ValueRange(seen.Min, seen.Max);
        return options.Method switch
        {
            RangeMethod.Percentile => Percentile(seen, all, options.Percentile),
            RangeMethod.Mse => SmallestError(seen, all, options.Target),
            _ => all,
        };
    }

    private static ValueRange Percentile(ValueHistogram seen, ValueRange all, double percentile)
    {
        double cut = seen.Count * (100 - percentile) / 100;
        ReadOnlySpan<long> bins = seen.Bins;
        long above = 0, below = 0;
        int top = bins.Length - 1, bottom = 0;
        while (top > ValueHistogram.HalfBins && above + bins[top] <= cut)
            above += bins[top--];
        while (bottom < ValueHistogram.HalfBins - 1 && below + bins[bottom] <= cut)
            below += bins[bottom++];
        float high = (float)((top + 1 - ValueHistogram.HalfBins) * seen.BinWidth), low = (float)((bottom - ValueHistogram.HalfBins) * seen.BinWidth);
        return new(Math.Max(low, all.Low), Math.Min(high, all.High));
    }

    // One end after the other: the error of a range is nearly the sum of what its two ends clip and one term of its width.
    private static ValueRange SmallestError(ValueHistogram seen, ValueRange all, QuantisationTarget target)
    {
        ValueRange best = all;
        foreach (bool upper in (ReadOnlySpan<bool>)[true, false])
        {
            ValueRange start = best;
            double smallest = double.PositiveInfinity;
            for (int i = 0; i < Candidates; i++)
            {
                float share = (float)(1 - ((1 - SmallestShare) * i / (Candidates - 1)));
                ValueRange candidate = upper ? start with { High = all.High * share } : start with { Low = all.Low * share };
                double error = SquaredError(seen, AffineScale.For(candidate, target));
                if (error < smallest)
                    (smallest, best) = (error, candidate);
            }
        }
        return best;
    }

    // Every value of a bin taken as its middle.
    private static double SquaredError(ValueHistogram seen, AffineScale scale)
    {
        double sum = 0;
        ReadOnlySpan<long> bins = seen.Bins;
        for (int i = 0; i < bins.Length; i++)
        {
            if (bins[i] == 0)
                continue;
            double value = (i + 0.5 - ValueHistogram.HalfBins) * seen.BinWidth;
            double inside = Math.Clamp(value, (scale.Min - scale.Zero) * (double)scale.Scale, (scale.Max - scale.Zero) * (double)scale.Scale);
            // Within the range the error is spread over the step, whatever the bin's middle says.
            double error = ((value - inside) * (value - inside)) + ((double)scale.Scale * scale.Scale / 12);
            sum += bins[i] * error;
        }
        return sum;
    }
}
