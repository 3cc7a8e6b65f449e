using Yolact.Edge.Capture.Lines;
using Yolact.Edge.Capture.Triggers;

namespace Yolact.Edge.Capture.Tests.Triggers;

public class TriggeredCaptureTests
{
    private static readonly FrameLayout Small = FrameLayout.Packed(16, 16, PixelFormat.Gray8);
    private readonly VirtualClock _clock = new();
    private readonly FramePool _pool = new();
    private readonly List<(long? Edge, long Frame)> _captured = [];
    private readonly List<TriggerOutcome> _reports = [];

    [Fact]
    public void Free_running_capture_passes_every_frame_on()
    {
        using TriggeredCapture capture = Capture(new());
        capture.OnFrame(new(Frame(1)));
        capture.OnFrame(new(Frame(2)));
        Assert.Equal([(null, 1L), (null, 2L)], _captured);
        Assert.Throws<InvalidOperationException>(() => capture.Trigger());
    }

    [Fact]
    public void A_software_trigger_is_answered_by_the_next_frame()
    {
        using TriggeredCapture capture = Capture(new() { Mode = TriggerMode.Software });
        capture.OnFrame(new(Frame(1)));
        _clock.GoToMs(5);
        TriggerEdge edge = capture.Trigger();
        _clock.GoToMs(10);
        capture.OnFrame(new(Frame(2)));
        Assert.Equal([(edge.Id, 2L)], _captured.Select(c => (c.Edge!.Value, c.Frame)));
    }

    [Fact]
    public void A_stalled_cameras_edge_is_unanswered_by_the_clock_alone()
    {
        using TriggeredCapture capture = Capture(new() { Mode = TriggerMode.Edge, Line = "x", DeadlineMs = 100 });
        capture.OnLine(new(VirtualClock.Ms(0), LineEdge.Rising, 1));
        _clock.GoToMs(99);
        Assert.Empty(_reports);
        _clock.GoToMs(102);
        Assert.Equal(TriggerReason.DeadlinePassed, Assert.Single(_reports).Reason);
    }

    [Fact]
    public void A_gate_closes_after_a_short_pulse_though_no_further_edge_tells()
    {
        using TriggeredCapture capture = Capture(new() { Mode = TriggerMode.Gate, Line = "x", DebounceMs = 5, EdgeLatencyMs = 20 });
        capture.OnLine(new(VirtualClock.Ms(0), LineEdge.Rising, 1));
        capture.OnLine(new(VirtualClock.Ms(1), LineEdge.Falling, 2));
        _clock.GoToMs(10);
        capture.OnFrame(new(Frame(1)));
        _clock.GoToMs(3000);
        Assert.Empty(_captured);
        Assert.Equal(TriggerReason.GateTooShort, Assert.Single(_reports).Reason);
    }

    [Fact]
    public void Stopping_reports_what_waits_and_gives_every_frame_back()
    {
        TriggeredCapture capture = Capture(new() { Mode = TriggerMode.Edge, Line = "x" });
        Frame frame = Frame(1);
        capture.OnFrame(new(frame));
        capture.OnLine(new(VirtualClock.Ms(1), LineEdge.Rising, 1));
        capture.Dispose();
        Assert.Equal(TriggerReason.Stopped, Assert.Single(_reports).Reason);
        Assert.Throws<ObjectDisposedException>(() => frame.AddReference());
    }

    [Theory]
    [InlineData(30, 1)]
    [InlineData(240, 2)]
    public void Ten_thousand_bouncing_edges_are_each_answered_by_the_right_frame_or_reported(int fps, int seed)
    {
        var random = new Random(seed);
        var edges = new List<long>();
        var raw = new List<(LineEvent Event, long Known)>();
        long time = 100_000_000;
        long known = 0;
        for (int i = 0; i < 10_000; i++)
        {
            // 1 to 200 a second in stretches of 100 edges, each with 20 % jitter; contacts bounce for up to .3 ms both ways.
            double rate = Math.Pow(200, i / 100 % 11 / 10.0);
            double interval = 1e9 / rate * (0.8 + (0.4 * random.NextDouble()));
            time = (time + (long)interval) / 100 * 100;
            edges.Add(time);
            Burst(time, LineEdge.Rising);
            Burst((time + (long)(interval * 0.4)) / 100 * 100, LineEdge.Falling);
        }
        using TriggeredCapture capture = Capture(new() { Mode = TriggerMode.Edge, Line = "x", DebounceMs = 0.5, MaximumLagMs = 1500.0 / fps });

        var starts = new List<long>();
        long period = 1_000_000_000L / fps;
        var arrivals = new Queue<(long Number, long Start, long Arrives)>();
        for (long n = 0, start = 0; start < time + (2 * period); n++)
        {
            start = (start + period + random.NextInt64(-period / 20, period / 20)) / 100 * 100;
            if (random.Next(100) == 0)
                continue;
            starts.Add(start);
            arrivals.Enqueue((n, start, start + random.NextInt64(8_000_000, 40_000_000)));
        }
        long sent = 0;
        foreach ((LineEvent line, long at) in raw)
        {
            FramesUntil(at);
            _clock.GoTo(at);
            capture.OnLine(line);
        }
        FramesUntil(long.MaxValue);
        _clock.GoTo(sent + 5_000_000_000);
        capture.Stop();

        Assert.Equal(10_000, _captured.Count + _reports.Count);
        Assert.Equal(Enumerable.Range(1, 10_000).Select(i => (long)i),
            _captured.Select(c => c.Edge!.Value).Concat(_reports.Select(r => r.Edge.Id)).Order());
        Assert.Equal(_captured.OrderBy(c => c.Edge), _captured);
        // The definition: the first frame at or after the edge, unless an earlier edge has it, or it comes too late.
        var answered = _captured.ToDictionary(c => c.Edge!.Value, c => c.Frame);
        var reports = _reports.ToDictionary(r => r.Edge.Id, r => r.Reason);
        var taken = new HashSet<long>();
        for (int i = 0, f = 0; i < edges.Count; i++)
        {
            while (f < starts.Count && starts[f] < edges[i])
                f++;
            if (starts[f] - edges[i] > (long)(1500.0 / fps * 1e6))
                Assert.Equal(TriggerReason.FrameTooLate, reports[i + 1]);
            else if (!taken.Add(starts[f]))
                Assert.Equal(TriggerReason.FrameTaken, reports[i + 1]);
            else
                Assert.Equal(starts[f], answered[i + 1]);
        }
        Assert.InRange(_captured.Count, 3000, 9990);

        void Burst(long at, LineEdge edge)
        {
            for (int bounces = 1 + (2 * random.Next(4)); bounces > 0; bounces--)
            {
                known = Math.Max(known, at + random.NextInt64(2_000_000));
                raw.Add((new(new(at), edge, raw.Count), known));
                edge = edge == LineEdge.Rising ? LineEdge.Falling : LineEdge.Rising;
                at += random.NextInt64(1, 400) * 100;
            }
        }

        void FramesUntil(long at)
        {
            while (arrivals.TryPeek(out (long Number, long Start, long Arrives) next) && Math.Max(sent, next.Arrives) <= at)
            {
                arrivals.Dequeue();
                sent = Math.Max(sent, next.Arrives);
                _clock.GoTo(sent);
                // The frame's number is the start it is told by: the test reads it back.
                capture.OnFrame(new(Frame(next.Start, next.Start)));
            }
        }
    }

    private TriggeredCapture Capture(TriggerOptions options) => new(options, default, _clock, captured =>
    {
        _captured.Add((captured.Edge?.Id, captured.Frame.Picture.Sequence));
        captured.Dispose();
    }, _reports.Add);

    private Frame Frame(long sequence, long? start = null)
    {
        Frame frame = _pool.Rent(Small);
        frame.Sequence = sequence;
        frame.Time = new(start is { } s ? new(s) : _clock.Now, FrameTimeMeaning.ExposureStart, TimeSpan.Zero);
        return frame;
    }
}
