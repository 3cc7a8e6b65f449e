using System.Globalization;
using CsCheck;
using Yolact.Edge.Capture.Triggers;
using Yolact.Edge.Imaging;
using Yolact.Edge.Simulation.Camera;
using Yolact.Edge.Simulation.Clock;
using Yolact.Edge.Simulation.Lines;
using Yolact.Edge.Simulation.World;

namespace Yolact.Edge.Tests.Pipeline;

/// <summary>
/// Light barrier, camera and matching on one virtual clock: parts come at 1 to 200 a second at uneven distances, the contact bounces, its
/// edges are read late, pictures take a while. Each part must be answered by the one frame that shows it just behind the beam, or reported.
/// </summary>
public class BeltTriggerTests
{
    /// <summary>Edges of each rate in the long test; set it higher for a longer run.</summary>
    private const string LengthVariable = "YOLACT_EDGE_TEST_EDGES";

    private const double PartSize = 20, Spacing = 60, Jitter = 0.2;

    [Fact]
    public async Task Ten_thousand_parts_are_each_answered_by_the_frame_that_shows_them_or_reported()
    {
        int each = int.Parse(Environment.GetEnvironmentVariable(LengthVariable) ?? "1250", CultureInfo.InvariantCulture);
        foreach (double rate in (double[])[1, 2, 5, 10, 25, 50, 100, 200])
        {
            Run run = await Run.OnBeltAsync(seed: (ulong)rate, rate, fps: 120, bounces: 4, latencyMs: 8, each);
            run.AssertEachEdgeOnce();
            run.AssertEachAnswerShowsItsPart();
            // Below half of the camera's rate no two parts can share a frame.
            if (rate < 50)
                Assert.Equal(each, run.Answers.Count);
            else
                Assert.InRange(run.Answers.Count, each / 4, each);
        }
    }

    [Fact]
    public Task Whatever_the_rates_bounces_and_delays_no_edge_is_lost_or_answered_twice() =>
        Gen.Select(Gen.ULong, Gen.Double[0, 1], Gen.Double[5, 240], Gen.Int[0, 6], Gen.Double[0, 30]).SampleAsync(
            async (seed, speed, fps, bounces, latency) =>
            {
                Run run = await Run.OnBeltAsync(seed, Math.Pow(200, speed), fps, bounces, latency, edges: 150);
                run.AssertEachEdgeOnce();
                run.AssertEachAnswerShowsItsPart();
            },
            iter: 60);

    private sealed record Run(BeltWorld World, double Fps, IReadOnlyList<BarrierEdge> Parts, IReadOnlyList<(TriggerEdge Edge, MonotonicTime Frame)> Answers,
        IReadOnlyList<TriggerOutcome> Reports)
    {
        public static async Task<Run> OnBeltAsync(ulong seed, double rate, double fps, int bounces, double latencyMs, int edges)
        {
            var clock = new VirtualClock(new MonotonicTime(1_000_000_000));
            var world = new BeltWorld(
                new BeltWorldOptions
                {
                    Seed = seed,
                    Speed = rate * Spacing,
                    Spacing = Spacing,
                    Jitter = Jitter,
                    MinSize = PartSize,
                    MaxSize = PartSize,
                    Width = 640,
                    Height = 64,
                    ExposureMs = 0.1,
                },
                clock);
            BarrierEdge[] parts = [.. world.Barrier.EdgesFrom(world.Start).Where(edge => edge.Rising).Take(edges + 1)];
            using var barrier = new BeltInputLine(
                "barrier", world, new BeltInputLineOptions { MaxBounces = bounces, BounceMs = 0.3, LatencyMs = latencyMs }, clock);
            await using var camera = new BeltCamera("cam0", world, new BeltCameraOptions { Rate = fps, DrawsPictures = false }, clock);
            List<(TriggerEdge, MonotonicTime)> answers = [];
            List<TriggerOutcome> reports = [];
            using var capture = new TriggeredCapture(
                new TriggerOptions { Mode = TriggerMode.Edge, Line = "barrier", DebounceMs = 0.5 }, TimeSpan.Zero, clock,
                captured =>
                {
                    answers.Add((captured.Edge!.Value, captured.Frame.Picture.Time.ExposureStart));
                    captured.Dispose();
                },
                reports.Add);
            barrier.Changed += capture.OnLine;
            await camera.StartAsync(capture.OnFrame, TestContext.Current.CancellationToken);
            // Between the last part and the one after it, so that just so many edges happened; then what is under way comes to its end.
            clock.RunTo(new MonotonicTime((parts[^2].Time.Nanoseconds + parts[^1].Time.Nanoseconds) / 2) + TimeSpan.FromMilliseconds(latencyMs));
            barrier.Changed -= capture.OnLine;
            clock.Advance(TimeSpan.FromSeconds(2));
            capture.Stop();
            return new Run(world, fps, parts[..^1], answers, reports);
        }

        public void AssertEachEdgeOnce()
        {
            TriggerEdge[] known = [.. Answers.Select(answer => answer.Edge).Concat(Reports.Select(report => report.Edge)).OrderBy(edge => edge.Id)];
            Assert.Equal(Enumerable.Range(1, Parts.Count).Select(id => (long)id), known.Select(edge => edge.Id));
            Assert.Equal(Parts.Select(part => part.Time), known.Select(edge => edge.Time));
            Assert.Equal(Answers.Count, Answers.Select(answer => answer.Frame).Distinct().Count());
            Assert.All(Reports, report => Assert.Equal((TriggerOutcomeKind.Overrun, TriggerReason.FrameTaken), (report.Kind, report.Reason)));
        }

        // The part is found by its own number, not by where the edge says it is.
        public void AssertEachAnswerShowsItsPart()
        {
            foreach ((TriggerEdge edge, MonotonicTime frame) in Answers)
            {
                Assert.InRange((frame - edge.Time).TotalSeconds, 0, (1 / Fps) + 1e-6);
                BarrierEdge part = Parts[(int)edge.Id - 1];
                PlacedPart shown = World.PartAt(part.PartId, frame)!.Value;
                double behindBeam = shown.Box.X2 - World.Options.BarrierColumn;
                Assert.Equal((frame - part.Time).TotalSeconds * World.Options.Speed, behindBeam, tolerance: 0.05);
            }
            // A part without a frame of its own is one whose frame shows an earlier part, too.
            HashSet<long> taken = [.. Answers.Select(answer => answer.Frame.Nanoseconds)];
            Assert.All(Reports, report => Assert.Contains(taken, start => start >= report.Edge.Time.Nanoseconds
                && start - report.Edge.Time.Nanoseconds <= (1e9 / Fps) + 1e3));
        }
    }
}
