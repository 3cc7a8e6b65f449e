using Yolact.Edge.Capture.Outputs;
using Yolact.Edge.Capture.Triggers;
using Yolact.Edge.Configuration;
using Yolact.Edge.Imaging;
using Yolact.Edge.Simulation.Camera;
using Yolact.Edge.Simulation.Clock;
using Yolact.Edge.Simulation.Lines;
using Yolact.Edge.Simulation.World;

namespace Yolact.Edge.Tests.Pipeline;

/// <summary>The belt in virtual time with a light that follows the light barrier.</summary>
public class StrobeTests
{
    private static readonly BeltWorldOptions Belt = new() { Seed = 11, Speed = 600, Spacing = 320, Jitter = 0.1, MaxSize = 150, ClutterSpacing = 0 };

    private static readonly StrobeOptions Strobe = new() { Line = "strobe", DelayMs = 3, PulseMs = 8, DeadlineMs = 2 };

    [Fact]
    public async Task Each_edge_is_lit_once_at_its_time_before_its_frame_arrives()
    {
        using var scene = new Scene(new TriggerOptions { Mode = TriggerMode.Edge, Line = "barrier", DeadlineMs = 200 });
        await scene.RunAsync(TimeSpan.FromSeconds(60));

        Assert.True(scene.Captured.Count > 80, $"only {scene.Captured.Count} parts passed");
        Assert.Equal(scene.Captured.Select(captured => OnTimer(captured.Edge.Time + TimeSpan.FromMilliseconds(3))), scene.Pulses.Select(pulse => pulse.Start));
        Assert.All(scene.Pulses, pulse => Assert.Equal(TimeSpan.FromMilliseconds(8), pulse.End - pulse.Start));
        Assert.All(scene.Captured.Zip(scene.Pulses), pair => Assert.True(pair.Second.Start < pair.First.Known));
    }

    [Fact]
    public async Task An_edge_that_comes_too_soon_is_not_lit()
    {
        using var scene = new Scene(new TriggerOptions { Mode = TriggerMode.Edge, Line = "barrier", DeadlineMs = 200, MinimumIntervalMs = 700 });
        await scene.RunAsync(TimeSpan.FromSeconds(30));

        Assert.NotEmpty(scene.Refused);
        Assert.Equal(scene.Captured.Count, scene.Pulses.Count);
    }

    [Fact]
    public void A_request_by_software_is_lit_as_well()
    {
        using var scene = new Scene(new TriggerOptions { Mode = TriggerMode.Software });
        TriggerEdge edge = scene.Capture.Trigger();
        scene.Clock.Advance(TimeSpan.FromMilliseconds(20));

        Assert.Equal(OnTimer(edge.Time + TimeSpan.FromMilliseconds(3)), Assert.Single(scene.Pulses).Start);
    }

    // Timers count in steps of 100 ns: what is due between two fires at the later one.
    private static MonotonicTime OnTimer(MonotonicTime time) => new((time.Nanoseconds + 99) / 100 * 100);

    private sealed class Scene : IDisposable
    {
        private readonly BeltWorld _world;
        private readonly BeltInputLine _barrier;
        private readonly BeltOutputLine _light;
        private readonly OutputScheduler _outputs;

        public Scene(TriggerOptions trigger)
        {
            _world = new BeltWorld(Belt, Clock);
            _barrier = new BeltInputLine("barrier", _world, new BeltInputLineOptions { MaxBounces = 3 }, Clock);
            _light = new BeltOutputLine("strobe", Clock);
            _outputs = new OutputScheduler(Clock, [(_light, false)], _ => { });
            Capture = new TriggeredCapture(trigger, TimeSpan.Zero, Clock, OnCaptured, Refused.Add, accepted: edge => _outputs.Pulse(Strobe.PulseOf(edge)));
        }

        public VirtualClock Clock { get; } = new(new MonotonicTime(1_000_000_000));

        public TriggeredCapture Capture { get; }

        public List<(TriggerEdge Edge, MonotonicTime Known)> Captured { get; } = [];

        public List<TriggerOutcome> Refused { get; } = [];

        public IReadOnlyList<(MonotonicTime Start, MonotonicTime End)> Pulses => _light.Pulses;

        public async Task RunAsync(TimeSpan length)
        {
            _barrier.Changed += Capture.OnLine;
            await using var source = new BeltCamera("cam0", _world, new BeltCameraOptions { DrawsPictures = false }, Clock);
            await source.StartAsync(Capture.OnFrame, TestContext.Current.CancellationToken);
            Clock.Advance(length);
            _barrier.Changed -= Capture.OnLine;
            Clock.Advance(TimeSpan.FromSeconds(1));
        }

        public void Dispose()
        {
            Capture.Dispose();
            _outputs.Dispose();
            _light.Dispose();
            _barrier.Dispose();
        }

        private void OnCaptured(CapturedFrame captured)
        {
            Captured.Add((captured.Edge!.Value, MonotonicTime.Now(Clock)));
            captured.Dispose();
        }
    }
}
