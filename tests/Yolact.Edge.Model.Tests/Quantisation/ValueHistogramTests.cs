using CsCheck;
using Yolact.Edge.Model.Quantisation;

namespace Yolact.Edge.Model.Tests.Quantisation;

public class ValueHistogramTests
{
    private static readonly Gen<float[]> Values = Gen.OneOf(Gen.Const(0f), Gen.Float[-1, 1], Gen.Float[-1e6f, 1e6f], Gen.Float[-1e-6f, 1e-6f]).Array[1, 60];

    [Fact]
    public void Every_value_is_counted_in_the_bin_that_holds_it_however_often_bins_join() => Values.Sample(values =>
    {
        var histogram = new ValueHistogram();
        foreach (float[] part in values.Chunk(7))
            histogram.Add(part);

        Assert.Equal(values.Length, histogram.Count);
        Assert.Equal(values.Count(value => value == 0), histogram.Zeros);
        Assert.Equal(Math.Min(0, values.Min()), histogram.Min);
        Assert.Equal(Math.Max(0, values.Max()), histogram.Max);
        var expected = new long[2 * ValueHistogram.HalfBins];
        foreach (float value in values.Where(value => value != 0))
            expected[(int)Math.Floor(value / histogram.BinWidth) + ValueHistogram.HalfBins]++;
        Assert.True(expected.AsSpan().SequenceEqual(histogram.Bins));
    });

    [Fact]
    public void What_is_no_number_is_passed_over()
    {
        var histogram = new ValueHistogram();
        histogram.Add([float.NaN, float.PositiveInfinity, float.NegativeInfinity, 2]);

        Assert.Equal((1, 2f, 0f), (histogram.Count, histogram.Max, histogram.Min));
    }
}
