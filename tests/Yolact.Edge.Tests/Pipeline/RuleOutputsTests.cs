using CsCheck;
using Yolact.Edge.Capture.Outputs;
using Yolact.Edge.Capture.Triggers;
using Yolact.Edge.Imaging;
using Yolact.Edge.Pipeline;
using Yolact.Edge.Rules;
using Yolact.Edge.Simulation.Camera;
using Yolact.Edge.Simulation.Clock;
using Yolact.Edge.Simulation.Lines;
using Yolact.Edge.Simulation.Parts;
using Yolact.Edge.Simulation.World;

namespace Yolact.Edge.Tests.Pipeline;

/// <summary>
/// The belt in virtual time: parts cross the light barrier, the camera's frame is judged after a while as a network would, and the
/// reject line must pulse for just the parts that are to be rejected, at edge + delay, however long judging took.
/// </summary>
public class RuleOutputsTests
{
    private const double DelayMs = 400, PulseMs = 30, DeadlineMs = 10;

    private static readonly BeltWorldOptions Belt = new() { Seed = 7, Speed = 600, Spacing = 320, Jitter = 0.1, MaxSize = 150, ClutterSpacing = 0 };

    [Theory]
    [InlineData(20, true)]
    [InlineData(250, true)]
    [InlineData(340, false)]
    public async Task Every_rejected_part_and_no_other_is_pulsed_at_its_time(double judgingMs, bool failSafe)
    {
        Run run = await RunAsync(TimeSpan.FromSeconds(60), _ => judgingMs, failSafe);

        Assert.True(run.Parts.Count > 80, $"only {run.Parts.Count} parts passed");
        Assert.Contains(run.Parts, part => part.Rejected);
        Assert.Contains(run.Parts, part => !part.Rejected);
        Assert.Equal(run.Parts.Where(part => part.Rejected).Select(part => OnTimer(part.Due)), run.Pulses);
        Assert.DoesNotContain(run.Reports, report => report.Kind is OutputReportKind.FailSafe or OutputReportKind.TooLate);
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task Parts_judged_too_late_get_the_fail_safe_and_are_reported(bool failSafe)
    {
        // Every third part is judged long after its pulse was due.
        Run run = await RunAsync(TimeSpan.FromSeconds(60), part => part % 3 == 0 ? 900 : 50, failSafe);

        MonotonicTime[] expected =
        [
            .. run.Parts.Where(part => part.Late ? failSafe : part.Rejected)
                .Select(part => OnTimer(part.Late ? part.Due + TimeSpan.FromMilliseconds(DeadlineMs) : part.Due)),
        ];
        Assert.Contains(run.Parts, part => part.Late);
        Assert.Equal(expected, run.Pulses);
        OutputReport[] missed = [.. run.Reports.Where(report => report.Kind == OutputReportKind.FailSafe)];
        Assert.Equal(run.Parts.Count(part => part.Late), missed.Length);
        Assert.All(missed, report => Assert.Equal(failSafe, report.Fired));
    }

    [Fact]
    public Task However_long_each_part_is_judged_it_gets_what_is_due() =>
        Gen.Select(Gen.Int, Gen.Bool).SampleAsync(
            async (seed, failSafe) =>
            {
                // In time by more than a frame takes to arrive, or late by more than the deadline.
                Random random = new(seed);
                double[] judging = [.. Enumerable.Range(0, 64).Select(_ => random.Next(4) == 0 ? random.Next(420, 1500) : random.Next(1, 340))];
                Run run = await RunAsync(TimeSpan.FromSeconds(20), part => judging[part % judging.Length], failSafe);
                Assert.Equal(
                    run.Parts.Where(part => part.Late ? failSafe : part.Rejected)
                        .Select(part => OnTimer(part.Late ? part.Due + TimeSpan.FromMilliseconds(DeadlineMs) : part.Due)),
                    run.Pulses);
                Assert.Equal(run.Parts.Count(part => part.Late), run.Reports.Count(report => report.Kind == OutputReportKind.FailSafe));
            },
            iter: 30);

    [Fact]
    public async Task Parts_that_no_frame_shows_get_the_fail_safe()
    {
        Run run = await RunAsync(TimeSpan.FromSeconds(20), _ => 50, failSafe: true, camera: false);

        Assert.NotEmpty(run.Parts);
        Assert.Equal(run.Parts.Select(part => OnTimer(part.Due + TimeSpan.FromMilliseconds(DeadlineMs))), run.Pulses);
    }

    private sealed record Part(MonotonicTime Due, bool Rejected, bool Late);

    private sealed record Run(IReadOnlyList<Part> Parts, IReadOnlyList<MonotonicTime> Pulses, IReadOnlyList<OutputReport> Reports);

    private static async Task<Run> RunAsync(TimeSpan length, Func<int, double> judgingMs, bool failSafe, bool camera = true)
    {
        var clock = new VirtualClock(new MonotonicTime(1_000_000_000));
        var world = new BeltWorld(Belt, clock);
        using var reject = new BeltOutputLine("reject", clock);
        using var barrier = new BeltInputLine("barrier", world, new BeltInputLineOptions { MaxBounces = 3 }, clock);
        List<OutputReport> reports = [];
        using var outputs = new OutputScheduler(clock, [(reject, false)], reports.Add);
        var rule = new RuleOptions
        {
            Name = "reject",
            Conditions = [new ConditionOptions { Labels = ["washer", "hex_nut", "gear"] }],
            Output = new RuleOutputOptions { Line = "reject", DelayMs = DelayMs, PulseMs = PulseMs, DeadlineMs = DeadlineMs, FailSafe = failSafe },
        };
        var rules = new RuleOutputs(new RuleSet([rule], BeltParts.ClassNames), outputs, framesPerEdge: 1);
        List<Part> parts = [];
        List<ITimer> judging = [];

        void Expect(TriggerEdge edge, double ms)
        {
            rules.Expect(edge);
            parts.Add(new Part(edge.Time + TimeSpan.FromMilliseconds(DelayMs), Rejected(PartAt(world, edge.Time)), ms > DelayMs));
        }

        void OnCaptured(CapturedFrame captured)
        {
            TriggerEdge edge = captured.Edge!.Value;
            double ms = judgingMs(parts.Count);
            Expect(edge, ms);
            Detection[] seen = [new((int)PartAt(world, edge.Time), 1, float.NaN, default, 0, default)];
            judging.Add(clock.CreateTimer(_ =>
            {
                rules.Apply(captured, seen, Belt.Width, Belt.Height);
                captured.Dispose();
            }, null, TimeSpan.FromMilliseconds(ms), Timeout.InfiniteTimeSpan));
        }

        using var capture = new TriggeredCapture(new TriggerOptions { Mode = TriggerMode.Edge, Line = "barrier", DeadlineMs = 200 },
            TimeSpan.Zero, clock, OnCaptured, outcome => Expect(outcome.Edge, double.PositiveInfinity));
        barrier.Changed += capture.OnLine;
        await using var source = new BeltCamera("cam0", world, new BeltCameraOptions { DrawsPictures = false }, clock);
        if (camera)
            await source.StartAsync(capture.OnFrame, TestContext.Current.CancellationToken);
        clock.Advance(length);
        barrier.Changed -= capture.OnLine;
        clock.Advance(TimeSpan.FromSeconds(3)); // what is under way comes to its end
        capture.Stop();
        return new Run(parts, [.. reject.Pulses.Select(pulse => pulse.Start)], reports);
    }

    // Timers count in steps of 100 ns: what is due between two fires at the later one.
    private static MonotonicTime OnTimer(MonotonicTime time) => new((time.Nanoseconds + 99) / 100 * 100);

    private static PartClass PartAt(BeltWorld world, MonotonicTime edge) =>
        world.PartsAt(edge).MinBy(part => Math.Abs(part.Box.X2 - Belt.BarrierColumn)).Class;

    private static bool Rejected(PartClass part) => BeltParts.NameOf(part) is "washer" or "hex_nut" or "gear";
}
