namespace Yolact.Edge.Imaging.Tests;

public class FrameTimeTests
{
    private static readonly TimeSpan Exposure = TimeSpan.FromMilliseconds(4), Readout = TimeSpan.FromMilliseconds(16);

    [Theory]
    [InlineData(FrameTimeMeaning.ExposureStart, 100)]
    [InlineData(FrameTimeMeaning.ReadoutStart, 96)]
    [InlineData(FrameTimeMeaning.ReadoutEnd, 80)]
    [InlineData(FrameTimeMeaning.Arrival, 100)]
    public void Exposure_starts_as_long_before_as_the_meaning_says(FrameTimeMeaning meaning, int milliseconds)
    {
        FrameTime time = new(new MonotonicTime(100_000_000), meaning, TimeSpan.Zero, Exposure, Readout);
        Assert.Equal(new MonotonicTime(milliseconds * 1_000_000L), time.ExposureStart);
    }

    [Fact]
    public void What_is_not_known_counts_as_nothing() => Assert.Equal(
        new MonotonicTime(96_000_000),
        new FrameTime(new MonotonicTime(100_000_000), FrameTimeMeaning.ReadoutEnd, TimeSpan.Zero, Exposure).ExposureStart);
}
