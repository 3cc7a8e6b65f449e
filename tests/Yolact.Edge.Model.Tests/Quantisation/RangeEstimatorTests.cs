using CsCheck;
using Yolact.Edge.Model.Quantisation;

namespace Yolact.Edge.Model.Tests.Quantisation;

public class RangeEstimatorTests
{
    // Evenly spread, which Gen.Float is not: it favours whole numbers and simple fractions.
    private static readonly Gen<float[]> Values = Gen.Select(Even(1).Array[500, 800], Even(50).Array[0, 3], (bulk, outliers) => (float[])[.. bulk, .. outliers]);

    [Fact]
    public void Min_max_keeps_everything()
    {
        var seen = new ValueHistogram();
        seen.Add([-3, 0.5f, 7]);

        Assert.Equal(new ValueRange(-3, 7), RangeEstimator.Estimate(seen, new() { Method = RangeMethod.MinMax }));
    }

    [Fact]
    public void A_percentile_leaves_outliers_out_and_nothing_else()
    {
        var seen = new ValueHistogram();
        seen.Add([.. Enumerable.Range(0, 100_000).Select(i => i / 100_000f), 1000]);

        ValueRange range = RangeEstimator.Estimate(seen, new() { Method = RangeMethod.Percentile, Percentile = 99.99 });

        Assert.Equal(0, range.Low);
        Assert.InRange(range.High, 0.99f, 2);
        Assert.Equal(1000, RangeEstimator.Estimate(seen, new() { Method = RangeMethod.Percentile, Percentile = 100 }).High);
    }

    [Theory]
    [InlineData(QuantisationTarget.Cpu)]
    [InlineData(QuantisationTarget.TensorRt)]
    public void The_smallest_squared_error_is_not_above_that_of_the_whole_range(QuantisationTarget target) => Values.Sample(values =>
    {
        var seen = new ValueHistogram();
        seen.Add(values);
        var options = new QuantisationOptions { Target = target, Method = RangeMethod.Mse };

        double best = SquaredError(values, RangeEstimator.Estimate(seen, options), target);
        double all = SquaredError(values, new(seen.Min, seen.Max), target);

        // The estimator takes the error within a step as spread evenly; a few hundred values are not quite.
        Assert.InRange(best, 0, (all * 1.4) + 1e-9);
    });

    [Fact]
    public void One_outlier_does_not_spoil_a_hundred_thousand_values()
    {
        var seen = new ValueHistogram();
        float[] values = [.. Enumerable.Range(0, 100_000).Select(i => MathF.Sin(i)), 100];
        seen.Add(values);

        Assert.InRange(RangeEstimator.Estimate(seen, new() { Method = RangeMethod.Mse }).High, 1, 99);
    }

    [Fact]
    public void Zeros_alone_have_a_range_and_a_scale()
    {
        var seen = new ValueHistogram();
        seen.Add(new float[10]);

        foreach (RangeMethod method in Enum.GetValues<RangeMethod>())
            Assert.True(AffineScale.For(RangeEstimator.Estimate(seen, new() { Method = method }), QuantisationTarget.Cpu).Scale > 0);
    }

    [Fact]
    public void Wrong_options_are_all_named() =>
        Assert.Equal(4, new QuantisationOptions { Target = (QuantisationTarget)9, Method = (RangeMethod)9, Percentile = 5, WeightBits = 4 }.Validate().Count());

    private static Gen<float> Even(float limit) => Gen.Int[-1_000_000, 1_000_000].Select(millionths => millionths * limit / 1_000_000);

    private static double SquaredError(float[] values, ValueRange range, QuantisationTarget target)
    {
        AffineScale scale = AffineScale.For(range, target);
        return values.Sum(value => Math.Pow(value - scale.Dequantise(scale.Quantise(value)), 2));
    }
}
