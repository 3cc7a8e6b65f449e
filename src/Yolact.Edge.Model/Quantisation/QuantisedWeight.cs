namespace Yolact.Edge.Model.Quantisation;

/// <summary>
/// A convolution's weights as int8, symmetric, one scale an output channel: w = q s[o]. The largest weight of a channel becomes the largest
/// number.
/// </summary>
/// <param name="Numbers"><c>[O, ...]</c> in the weights' order.</param>
/// <param name="Scales"><c>[O]</c>, each above 0.</param>
internal sealed record QuantisedWeight(sbyte[] Numbers, float[] Scales)
{
    // The smallest float of full precision, 2^-126: below it neither a scale nor a processor that flushes to zero is exact.
    private const double SmallestNormal = 1.17549435e-38;

    /// <summary>From weights. Those of a channel that are too small for a scale of a float's full precision are none.</summary>
    /// <param name="weights"><c>[O, ...]</c>.</param>
    /// <param name="outputs">O.</param>
    /// <param name="bits">7 or 8.</param>
    /// <param name="smallest">The smallest scale that a channel may have: a dead channel's bias would not fit into 32 bits else.</param>
    public static QuantisedWeight Of(ReadOnlySpan<float> weights, int outputs, int bits, ReadOnlySpan<double> smallest)
    {
        int limit = (1 << (bits - 1)) - 1, size = weights.Length / outputs;
        var numbers = new sbyte[weights.Length];
        var scales = new float[outputs];
        for (int o = 0; o < outputs; o++)
        {
            ReadOnlySpan<float> channel = weights.Slice(o * size, size);
            double largest = 0;
            foreach (float weight in channel)
                largest = Math.Max(largest, Math.Abs(weight));
            double scale = Math.Max(largest / limit, smallest.IsEmpty ? 0 : smallest[o]);
            scales[o] = scale >= SmallestNormal ? (float)scale : 1;
            for (int i = 0; i < size; i++)
                numbers[(o * size) + i] = (sbyte)Math.Clamp(Math.Round(channel[i] / (double)scales[o], MidpointRounding.ToEven), -limit, limit);
        }
        return new(numbers, scales);
    }
}
