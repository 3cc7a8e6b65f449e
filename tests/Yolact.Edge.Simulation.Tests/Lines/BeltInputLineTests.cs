using Yolact.Edge.Capture.Lines;
using Yolact.Edge.Imaging;
using Yolact.Edge.Simulation.Clock;
using Yolact.Edge.Simulation.Lines;
using Yolact.Edge.Simulation.World;

namespace Yolact.Edge.Simulation.Tests.Lines;

public sealed class BeltInputLineTests
{
    private readonly VirtualClock _clock = new(new MonotonicTime(9_000_000_000));

    [Fact]
    public void Ten_thousand_parts_are_reported_with_the_barriers_times_the_moment_they_happen()
    {
        var world = new BeltWorld(new() { Spacing = 300, Speed = 30_000, ExposureMs = 0.1 }, _clock);
        using var line = new BeltInputLine("trigger", world, new(), _clock);
        var events = new List<LineEvent>();
        line.Changed += change =>
        {
            Assert.InRange(_clock.Now.Nanoseconds - change.Time.Nanoseconds, 0, 100);
            events.Add(change);
        };
        BarrierEdge[] expected = [.. world.Barrier.EdgesFrom(world.Start).Take(20_000)];
        _clock.RunTo(expected[^1].Time + TimeSpan.FromMicroseconds(1));
        Assert.Equal(20_000, events.Count);
        for (int i = 0; i < events.Count; i++)
            Assert.Equal(new LineEvent(expected[i].Time, expected[i].Rising ? LineEdge.Rising : LineEdge.Falling, i), events[i]);
    }

    [Fact]
    public void Bounces_return_to_the_old_level_and_end_within_their_time()
    {
        var world = new BeltWorld(new() { Spacing = 300, Speed = 3000, ExposureMs = 1 }, _clock);
        using var line = new BeltInputLine("trigger", world, new() { MaxBounces = 4, BounceMs = 1.5 }, _clock);
        var events = new List<LineEvent>();
        line.Changed += events.Add;
        BarrierEdge[] edges = [.. world.Barrier.EdgesFrom(world.Start).Take(1001)];
        _clock.RunTo(edges[^1].Time + TimeSpan.FromTicks(-10));

        int at = 0, bounced = 0;
        for (int i = 0; i < 1000; i++)
        {
            LineEdge edge = edges[i].Rising ? LineEdge.Rising : LineEdge.Falling;
            Assert.Equal((edges[i].Time, edge), (events[at].Time, events[at].Edge));
            int first = at++;
            for (; at < events.Count && events[at].Time < edges[i + 1].Time; at++)
            {
                Assert.True(events[at].Time >= events[at - 1].Time);
                Assert.NotEqual(events[at - 1].Edge, events[at].Edge);
                Assert.InRange((events[at].Time - edges[i].Time).TotalMilliseconds, 0, 1.5);
            }
            Assert.Equal(edge, events[at - 1].Edge);
            Assert.InRange(at - first - 1, 0, 8);
            bounced += at - first > 1 ? 1 : 0;
        }
        Assert.Equal(at, events.Count);
        Assert.InRange(bounced, 600, 950);
        Assert.Equal(Enumerable.Range(0, events.Count).Select(i => (long)i), events.Select(e => e.Sequence));
    }

    [Fact]
    public void Latency_delays_reports_and_leaves_their_times()
    {
        var world = new BeltWorld(new() { Spacing = 300 }, _clock);
        using var line = new BeltInputLine("trigger", world, new() { LatencyMs = 7 }, _clock);
        var late = new List<double>();
        line.Changed += change => late.Add((_clock.Now - change.Time).TotalMilliseconds);
        _clock.Advance(TimeSpan.FromSeconds(10));
        Assert.True(late.Count > 10);
        Assert.All(late, ms => Assert.InRange(ms, 7, 7.001));
    }

    [Fact]
    public void A_handler_that_throws_is_counted_and_the_next_event_still_comes()
    {
        var world = new BeltWorld(new() { Spacing = 300 }, _clock);
        using var line = new BeltInputLine("trigger", world, new(), _clock);
        int seen = 0;
        line.Changed += _ =>
        {
            seen++;
            throw new InvalidOperationException("a handler's fault");
        };
        _clock.Advance(TimeSpan.FromSeconds(10));
        Assert.True(seen > 10);
        Assert.Equal(seen, line.HandlerFailures);
    }

    [Fact]
    public void The_level_is_the_beams_from_the_beginning_and_a_disposed_line_is_silent()
    {
        var world = new BeltWorld(new() { Spacing = 300 }, _clock);
        BarrierEdge[] edges = [.. world.Barrier.EdgesFrom(world.Start).Take(4)];
        _clock.RunTo(edges[0].Time + TimeSpan.FromMilliseconds(5));
        var line = new BeltInputLine("trigger", world, new(), _clock);
        Assert.True(line.IsActive);
        var events = new List<LineEvent>();
        line.Changed += events.Add;
        _clock.RunTo(edges[1].Time + TimeSpan.FromMilliseconds(5));
        Assert.False(line.IsActive);
        Assert.Equal(LineEdge.Falling, Assert.Single(events).Edge);
        line.Dispose();
        _clock.Advance(TimeSpan.FromSeconds(10));
        Assert.Single(events);
    }
}
