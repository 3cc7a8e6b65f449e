using Yolact.Edge.Capture.Lines;
using Yolact.Edge.Capture.Outputs;
using static Yolact.Edge.Capture.Tests.VirtualClock;

namespace Yolact.Edge.Capture.Tests.Outputs;

public class OutputSchedulerTests
{
    private static readonly TimeSpan TenMs = TimeSpan.FromMilliseconds(10);
    private readonly VirtualClock _clock = new();
    private readonly List<OutputReport> _reports = [];

    [Fact]
    public void A_pulse_comes_at_its_time_and_lasts_its_length()
    {
        using var line = new RecordedLine("strobe", _clock);
        using OutputScheduler outputs = Scheduler(line);
        outputs.Pulse(new("strobe", Ms(100), TenMs, TenMs));
        _clock.GoToMs(1000);
        Assert.Equal([(0, false), (100, true), (110, false)], line.Levels);
    }

    [Fact]
    public void Overlapping_pulses_are_one()
    {
        using var line = new RecordedLine("reject", _clock);
        using OutputScheduler outputs = Scheduler(line);
        outputs.Pulse(new("reject", Ms(100), TenMs, TenMs));
        outputs.Pulse(new("reject", Ms(105), TenMs, TenMs));
        _clock.GoToMs(1000);
        Assert.Equal([(0, false), (100, true), (115, false)], line.Changes);
    }

    [Fact]
    public void A_level_set_during_a_pulse_holds_after_it()
    {
        using var line = new RecordedLine("busy", _clock);
        using OutputScheduler outputs = Scheduler(line);
        outputs.Pulse(new("busy", Ms(100), TenMs, TenMs));
        _clock.GoToMs(105);
        outputs.Set("busy", true);
        _clock.GoToMs(200);
        outputs.Set("busy", false);
        Assert.Equal([(0, false), (100, true), (200, false)], line.Changes);
    }

    [Fact]
    public void A_pulse_beyond_its_deadline_is_reported_and_not_given()
    {
        using var line = new RecordedLine("reject", _clock);
        using OutputScheduler outputs = Scheduler(line);
        _clock.GoToMs(111);
        outputs.Pulse(new("reject", Ms(100), TenMs, TenMs, 4));
        _clock.GoToMs(200);
        Assert.Equal([(0, false)], line.Levels);
        Assert.Equal((OutputReportKind.TooLate, 4L), (Assert.Single(_reports).Kind, _reports[0].Edge));
    }

    [Theory]
    [InlineData(50, true, 100.0)]
    [InlineData(105, true, 105.0)]
    [InlineData(50, false, null)]
    [InlineData(105, false, null)]
    public void A_decision_in_time_is_carried_out(double decidedAt, bool fire, double? pulsedAt)
    {
        using var line = new RecordedLine("reject", _clock);
        using OutputScheduler outputs = Scheduler(line);
        outputs.Expect(new("reject", Ms(100), TenMs, TenMs, 7), failSafe: !fire);
        _clock.GoToMs(decidedAt);
        Assert.True(outputs.Decide("reject", 7, fire));
        _clock.GoToMs(500);
        Assert.Equal(pulsedAt, line.Changes.Where(c => c.Active).Select(c => (double?)c.Ms).SingleOrDefault());
        Assert.DoesNotContain(_reports, r => r.Kind == OutputReportKind.FailSafe);
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void Without_a_decision_the_fail_safe_is_carried_out_and_reported(bool failSafe)
    {
        using var line = new RecordedLine("reject", _clock);
        using OutputScheduler outputs = Scheduler(line);
        outputs.Expect(new("reject", Ms(100), TenMs, TenMs, 7), failSafe);
        _clock.GoToMs(111);
        Assert.False(outputs.Decide("reject", 7, !failSafe));
        _clock.GoToMs(500);
        Assert.Equal(failSafe ? [110.0] : [], line.Changes.Where(c => c.Active).Select(c => c.Ms));
        Assert.Equal([(OutputReportKind.FailSafe, failSafe), (OutputReportKind.DecisionIgnored, false)], _reports.Select(r => (r.Kind, r.Fired)));
    }

    [Fact]
    public void Stopping_makes_lines_safe_and_cancels_what_was_promised()
    {
        using var reject = new RecordedLine("reject", _clock);
        using var ready = new RecordedLine("ready", _clock);
        using OutputScheduler outputs = new(_clock, [(reject, true), (ready, false)], _reports.Add);
        outputs.Set("ready", true);
        outputs.Expect(new("reject", Ms(100), TenMs, TenMs, 7), failSafe: true);
        outputs.Pulse(new("reject", Ms(50), TenMs, TenMs, 6));
        _clock.GoToMs(55);
        outputs.Stop();
        _clock.GoToMs(500);
        Assert.Equal([(0, true), (50, false), (55, true)], reject.Changes);
        Assert.False(ready.Changes[^1].Active);
        Assert.Equal(7, Assert.Single(_reports, r => r.Kind == OutputReportKind.Cancelled).Edge);
    }

    [Fact]
    public void A_chip_that_refuses_is_reported_and_the_next_pulse_is_tried()
    {
        using var line = new RecordedLine("reject", _clock);
        using OutputScheduler outputs = Scheduler(line);
        line.Broken = true;
        outputs.Pulse(new("reject", Ms(100), TenMs, TenMs, 1));
        outputs.Pulse(new("reject", Ms(200), TenMs, TenMs, 2));
        _clock.GoToMs(150);
        line.Broken = false;
        _clock.GoToMs(500);
        Assert.Equal([OutputReportKind.LineFailed, OutputReportKind.Pulsed], _reports.Select(r => r.Kind));
        Assert.Equal([(0, false), (200, true), (210, false)], line.Changes);
    }

    [Fact]
    public void Any_decisions_at_any_time_give_each_part_its_pulse_or_its_fail_safe() =>
        Gen.Int.Sample(seed =>
        {
            var random = new Random(seed);
            var clock = new VirtualClock();
            var reports = new List<OutputReport>();
            using var line = new RecordedLine("reject", clock);
            using var outputs = new OutputScheduler(clock, [(line, false)], reports.Add);
            var todo = new List<(double Ms, Action Do)>();
            var expected = new List<double>();
            int missed = 0;
            for (int part = 1; part <= 60; part++)
            {
                // Parts 40 ms apart, pulses 10 ms long: pulses never overlap, so each can be told from the next.
                int id = part;
                double due = (part * 40) + 300;
                double decided = due - 200 + Math.Round(random.NextDouble() * 230, 1);
                bool fire = random.Next(2) == 0;
                bool failSafe = random.Next(2) == 0;
                todo.Add((part * 40, () => outputs.Expect(new("reject", Ms(due), TenMs, TenMs, id), failSafe)));
                todo.Add((decided, () => outputs.Decide("reject", id, fire)));
                // Due on the deadline itself: the deadline came first.
                bool late = decided >= due + 10;
                missed += late ? 1 : 0;
                if (late ? failSafe : fire)
                    expected.Add(late ? due + 10 : Math.Max(due, decided));
            }
            foreach ((double ms, Action step) in todo.OrderBy(t => t.Ms))
            {
                clock.GoToMs(ms);
                step();
            }
            clock.GoToMs(5000);
            Assert.Equal(expected, line.Changes.Where(c => c.Active).Select(c => c.Ms));
            Assert.Equal(missed, reports.Count(r => r.Kind == OutputReportKind.FailSafe));
        }, iter: 100);

    [Fact]
    public async Task On_the_systems_clock_pulses_come_in_order_and_not_before_their_time()
    {
        using var line = new RecordedLine("strobe", TimeProvider.System);
        var done = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        int count = 0;
        using var outputs = new OutputScheduler(TimeProvider.System, [(line, false)], report =>
        {
            if (++count == 3)
                done.SetResult();
        });
        MonotonicTime start = MonotonicTime.Now(TimeProvider.System);
        foreach (int ms in new[] { 30, 10, 20 })
            outputs.Pulse(new("strobe", start + TimeSpan.FromMilliseconds(ms), TimeSpan.FromMilliseconds(1), TimeSpan.FromMinutes(1), ms));
        await done.Task.WaitAsync(TimeSpan.FromSeconds(30), TestContext.Current.CancellationToken);
        // The last pulse is reported when it rises: its fall is still to be written.
        outputs.Dispose();
        Assert.All(line.Times.Where(t => t.Active).Zip([10, 20, 30]), p =>
            Assert.True(p.First.Time >= start + TimeSpan.FromMilliseconds(p.Second), "a pulse came early"));
    }

    private OutputScheduler Scheduler(IOutputLine line) => new(_clock, [(line, false)], report =>
    {
        _reports.Add(report);
    });

    private sealed class RecordedLine(string name, TimeProvider clock) : IOutputLine
    {
        public List<(MonotonicTime Time, bool Active)> Times { get; } = [];

        public IEnumerable<(double Ms, bool Active)> Levels => Times.Select(t => (t.Time.Nanoseconds / 1e6, t.Active));

        public List<(double Ms, bool Active)> Changes => [.. Levels.Where((l, i) => i == 0 || Times[i - 1].Active != l.Active)];

        public bool Broken { get; set; }

        public string Name => name;

        public void Set(bool active)
        {
            if (Broken)
                throw new IOException("EIO");
            Times.Add((MonotonicTime.Now(clock), active));
        }

        public void Dispose()
        {
        }
    }
}
