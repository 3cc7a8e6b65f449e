using Yolact.Edge.Imaging;
using Yolact.Edge.Simulation.Clock;

namespace Yolact.Edge.Simulation.Tests.Clock;

public sealed class VirtualClockTests
{
    [Fact]
    public void Timers_fire_in_order_and_see_their_own_time()
    {
        var clock = new VirtualClock(new MonotonicTime(1000));
        var fired = new List<(string Name, long Time)>();
        using ITimer every =
            clock.CreateTimer(_ =>
            fired.Add(("every", clock.Now.Nanoseconds)), null, TimeSpan.FromMilliseconds(2), TimeSpan.FromMilliseconds(2));
        using ITimer once =
            clock.CreateTimer(_ =>
            fired.Add(("once", clock.Now.Nanoseconds)), null, TimeSpan.FromMilliseconds(3), Timeout.InfiniteTimeSpan);
        using ITimer never =
            clock.CreateTimer(_ => fired.Add(("never", 0)), null, Timeout.InfiniteTimeSpan, TimeSpan.FromMilliseconds(1));
        clock.Advance(TimeSpan.FromMilliseconds(6.5));
        Assert.Equal([("every", 2_001_000), ("once", 3_001_000), ("every", 4_001_000), ("every", 6_001_000)], fired);
        Assert.Equal(6_501_000, clock.GetTimestamp());
        Assert.Equal(clock.Now, MonotonicTime.Now(clock));
    }

    [Fact]
    public void A_timer_set_by_a_timer_fires_within_the_same_run()
    {
        var clock = new VirtualClock();
        int fired = 0;
        ITimer? timer = null;
        timer = clock.CreateTimer(_ =>
        {
            if (++fired < 1000)
                timer!.Change(TimeSpan.FromMicroseconds(1), Timeout.InfiniteTimeSpan);
        }, null, TimeSpan.FromMicroseconds(1), Timeout.InfiniteTimeSpan);
        clock.Advance(TimeSpan.FromMilliseconds(1));
        Assert.Equal(1000, fired);
        timer.Dispose();
    }

    [Fact]
    public void A_changed_or_disposed_timer_does_not_fire_as_it_was_set_before()
    {
        var clock = new VirtualClock();
        var fired = new List<long>();
        ITimer moved =
            clock.CreateTimer(_ => fired.Add(clock.GetTimestamp()), null, TimeSpan.FromMilliseconds(1), Timeout.InfiniteTimeSpan);
        ITimer gone = clock.CreateTimer(_ => fired.Add(-1), null, TimeSpan.FromMilliseconds(1), Timeout.InfiniteTimeSpan);
        moved.Change(TimeSpan.FromMilliseconds(5), Timeout.InfiniteTimeSpan);
        gone.Dispose();
        clock.Advance(TimeSpan.FromMilliseconds(10));
        Assert.Equal([5_000_000], fired);
        Assert.False(gone.Change(TimeSpan.Zero, TimeSpan.Zero));
    }

    [Fact]
    public async Task Delays_end_when_the_clock_has_run()
    {
        var clock = new VirtualClock();
        Task delay = Task.Delay(TimeSpan.FromHours(5), clock, TestContext.Current.CancellationToken);
        clock.Advance(TimeSpan.FromHours(4.999));
        Assert.False(delay.IsCompleted);
        clock.Advance(TimeSpan.FromHours(0.001));
        await delay;
    }
}
