using Yolact.Edge.Bench;

namespace Yolact.Edge.Tests.Bench;

public class SamplesTests
{
    [Fact]
    public void Every_run_is_counted_once_and_percentiles_are_ordered()
    {
        var samples = new Samples();
        int runs = 0;
        for (int i = 0; i < 21; i++)
            samples.Measure(() => runs++);

        Assert.Equal((21, 21), (runs, samples.Count));
        Assert.True(samples.Percentile(5) <= samples.Median && samples.Median <= samples.Percentile(95));
        Assert.True(samples.Percentile(0) >= 0);
    }

    [Fact]
    public void Nothing_measured_has_no_median() => Assert.Throws<InvalidOperationException>(() => new Samples().Median);
}
