using CsCheck;
using Microsoft.Extensions.Time.Testing;

namespace Yolact.Edge.Imaging.Tests;

public class MonotonicTimeTests
{
    private sealed class Counter(long ticks, long frequency) : TimeProvider
    {
        public override long TimestampFrequency => frequency;

        public override long GetTimestamp() => ticks;
    }

    [Fact]
    public void Time_follows_the_clock_that_was_given()
    {
        FakeTimeProvider clock = new();
        MonotonicTime before = MonotonicTime.Now(clock);
        clock.Advance(TimeSpan.FromMilliseconds(16.7));
        MonotonicTime after = MonotonicTime.Now(clock);
        Assert.Equal(TimeSpan.FromMilliseconds(16.7), after - before);
        Assert.Equal(16_700_000, after.Nanoseconds - before.Nanoseconds);
    }

    [Theory]
    [InlineData(123, 1_000_000_000, 123)]
    [InlineData(123, 10_000_000, 12_300)]
    [InlineData(long.MaxValue / 100, 10_000_000, long.MaxValue / 100 * 100)]
    [InlineData(3, 24_000_000, 125)]
    public void A_counter_of_any_frequency_gives_nanoseconds(long ticks, long frequency, long nanoseconds) =>
        Assert.Equal(nanoseconds, MonotonicTime.Now(new Counter(ticks, frequency)).Nanoseconds);

    [Fact]
    public void The_system_clock_is_in_nanoseconds_and_never_goes_back()
    {
        MonotonicTime first = MonotonicTime.Now(TimeProvider.System);
        MonotonicTime second = MonotonicTime.Now(TimeProvider.System);
        Assert.True(first <= second);
        Assert.Equal(1_000_000_000, TimeProvider.System.TimestampFrequency);
    }

    [Fact]
    public void Moving_and_comparing_agree() => Gen.Select(Gen.Long[0, 1L << 60], Gen.Long[-1L << 50, 1L << 50]).Sample((start, ticks) =>
    {
        MonotonicTime a = new(start);
        TimeSpan span = TimeSpan.FromTicks(ticks);
        MonotonicTime b = a + span;
        Assert.Equal(span, b - a);
        Assert.Equal(span, MonotonicTime.Subtract(b, a));
        Assert.Equal(ticks > 0, b > a);
        Assert.Equal(ticks >= 0, b >= a);
        Assert.Equal(ticks < 0, b < a);
        Assert.Equal(ticks <= 0, b <= a);
        Assert.Equal(Math.Sign(ticks), b.CompareTo(a));
    });

    [Fact]
    public void A_moment_of_the_past_is_that_much_before_now_in_utc()
    {
        FakeTimeProvider clock = new(new DateTimeOffset(2030, 1, 2, 3, 4, 5, TimeSpan.Zero));
        MonotonicTime edge = MonotonicTime.Now(clock);
        clock.Advance(TimeSpan.FromSeconds(2));
        Assert.Equal(new DateTimeOffset(2030, 1, 2, 3, 4, 5, TimeSpan.Zero), edge.ToUtc(clock));
        clock.SetUtcNow(clock.GetUtcNow().AddSeconds(1));
        Assert.Equal(new DateTimeOffset(2030, 1, 2, 3, 4, 5, TimeSpan.Zero), edge.ToUtc(clock));
    }
}
