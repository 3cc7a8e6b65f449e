using System.Collections.Concurrent;
using Yolact.Edge.Capture.Cameras;
using Yolact.Edge.Capture.Recovery;

namespace Yolact.Edge.Capture.Tests.Recovery;

public class SupervisedCameraTests
{
    private static readonly RecoveryOptions Options = new()
    {
        StallMs = 1000,
        StartMs = 2000,
        RetryMs = 500,
        Rebuilds = 2,
        ServiceRestarts = 1,
        CalmMs = 5000,
    };

    private readonly VirtualClock _clock = new();
    private readonly FramePool _pool = new();
    private readonly ConcurrentQueue<CameraStateChange> _changes = [];
    private readonly ConcurrentQueue<long> _numbers = [];
    private int _made;

    [Fact]
    public async Task A_frozen_source_is_built_anew_and_numbers_go_on()
    {
        await using SupervisedCamera camera = await StartAsync(n => new(frames: n == 1 ? 20 : int.MaxValue));
        await _clock.GoUntilAsync(() => _numbers.Count > 40);
        await camera.StopAsync();
        Assert.Equal([CameraState.Starting, CameraState.Running, CameraState.Stalled, CameraState.Running, CameraState.Stopped], States());
        CameraStateChange stall = _changes.Single(c => c.State == CameraState.Stalled);
        Assert.Equal((RecoveryRung.Rebuild, 1, "no frame for 1000 ms"), (stall.Rung, stall.Attempt, stall.Reason));
        Assert.Equal((1L, 1L, 2), (camera.Stalls, camera.Rebuilds, _made));
        Assert.Equal(_numbers.Select((_, i) => (long)i), _numbers);
    }

    [Fact]
    public async Task The_ladder_is_climbed_step_by_step_and_ends_with_the_supervisor()
    {
        int restarts = 0;
        await using SupervisedCamera camera = await StartAsync(n => new(frames: n == 1 ? 20 : 0), _ =>
        {
            restarts++;
            return Task.FromResult<string?>(null);
        });
        await _clock.GoUntilAsync(() => camera.State == CameraState.Failed);
        Assert.Equal(
            [(RecoveryRung.Rebuild, 1), (RecoveryRung.Rebuild, 2), (RecoveryRung.RestartService, 1), (RecoveryRung.Rebuild, 3), (RecoveryRung.Rebuild, 4),
                (RecoveryRung.HandOver, 1)],
            _changes.Where(c => c.Rung is not null).Select(c => (c.Rung!.Value, c.Attempt)));
        Assert.Equal((1, 1L, 4L, 1L), (restarts, camera.ServiceRestarts, camera.Rebuilds, camera.Stalls));
    }

    [Fact]
    public async Task Without_a_service_and_without_handing_over_it_goes_on_waiting()
    {
        await using SupervisedCamera camera = await StartAsync(n => new(frames: n is 1 or > 6 ? 20 : 0), options: Options with { HandOver = false });
        await _clock.GoUntilAsync(() => _numbers.Count > 30);
        Assert.Contains(CameraState.Waiting, States());
        Assert.Equal(0, camera.ServiceRestarts);
    }

    [Fact]
    public async Task A_camera_that_appears_late_is_waited_for()
    {
        await using SupervisedCamera camera = await StartAsync(n => new(missing: n < 5));
        await _clock.GoUntilAsync(() => _numbers.Count > 3);
        Assert.Equal([CameraState.Starting, CameraState.Waiting, CameraState.Running], States());
        Assert.Equal((5, 0L), (_made, camera.Stalls));
    }

    [Fact]
    public async Task What_cannot_be_mended_fails_at_once()
    {
        await using SupervisedCamera camera = await StartAsync(_ => new(permanent: true));
        await _clock.GoUntilAsync(() => camera.State == CameraState.Failed);
        Assert.Equal((1, "software is missing"), (_made, _changes.Last().Reason));
    }

    [Fact]
    public async Task After_a_calm_time_a_stall_begins_at_the_mildest_step_again()
    {
        await using SupervisedCamera camera = await StartAsync(_ => new(frames: 300), options: Options with { Rebuilds = 1 });
        await _clock.GoUntilAsync(() => camera.Stalls == 4);
        Assert.All(_changes.Where(c => c.Rung is not null), c => Assert.Equal((RecoveryRung.Rebuild, 1), (c.Rung!.Value, c.Attempt)));
    }

    [Fact]
    public async Task A_source_that_reports_failure_is_built_anew_without_waiting_for_the_watchdog()
    {
        await using SupervisedCamera camera = await StartAsync(n => new(frames: n == 1 ? 5 : int.MaxValue, breaks: n == 1));
        await _clock.GoUntilAsync(() => _numbers.Count > 10, limitMs: 900);
        Assert.Contains(_changes, c => c.State == CameraState.Stalled && c.Reason == "cable pulled");
    }

    [Fact]
    public async Task A_source_that_never_ends_is_left_behind_and_its_late_frames_are_dropped()
    {
        FakeCamera? first = null;
        await using SupervisedCamera camera = await StartAsync(n => n == 1 ? first = new(frames: 5, hangs: true) : new());
        await _clock.GoUntilAsync(() => _numbers.Count > 10);
        int before = _numbers.Count;
        first!.Deliver();
        Assert.Equal(before, _numbers.Count);
        Assert.Contains(_changes, c => c.Reason.Contains("left behind", StringComparison.Ordinal));
    }

    private CameraState[] States() => [.. _changes.Select(c => c.State)];

    private async Task<SupervisedCamera> StartAsync(
        Func<int, FakeCamera> make, Func<CancellationToken, Task<string?>>? restart = null, RecoveryOptions? options = null)
    {
        var camera = new SupervisedCamera("cam0", () =>
        {
            FakeCamera source = make(++_made);
            source.Use(_clock, _pool);
            return source;
        }, options ?? Options, _clock, restart);
        camera.StateChanged += _changes.Enqueue;
        await camera.StartAsync(f =>
        {
            _numbers.Enqueue(f.Picture.Sequence);
            f.Dispose();
        }, TestContext.Current.CancellationToken);
        return camera;
    }

    /// <summary>A source of 30 ms frames that freezes after so many, is missing, breaks, or hangs when closed.</summary>
    private sealed class FakeCamera(int frames = int.MaxValue, bool missing = false, bool permanent = false, bool breaks = false, bool hangs = false) : ICamera
    {
        private VirtualClock _clock = null!;
        private FramePool _pool = null!;
        private ITimer? _timer;
        private Action<CameraFrame>? _onFrame;
        private long _sequence;

        public event Action<CameraStateChange>? StateChanged;

        public string Name => "fake";

        public CameraState State => CameraState.Running;

        public CameraTiming Timing { get; } = new(FrameTimeMeaning.ExposureStart, TimeSpan.Zero, "made up");

        public void Use(VirtualClock clock, FramePool pool) => (_clock, _pool) = (clock, pool);

        public Task StartAsync(Action<CameraFrame> onFrame, CancellationToken cancellation = default)
        {
            if (missing)
                throw new CameraException("there is no device");
            if (permanent)
                throw new CameraException("software is missing") { IsPermanent = true };
            _onFrame = onFrame;
            var period = TimeSpan.FromMilliseconds(30);
            _timer = _clock.CreateTimer(_ => Tick(), null, period, period);
            return Task.CompletedTask;
        }

        public void Deliver()
        {
            Frame frame = _pool.Rent(FrameLayout.Packed(16, 16, PixelFormat.Gray8));
            frame.Sequence = _sequence++;
            _onFrame!(new(frame));
        }

        public Task StopAsync()
        {
            _timer?.Dispose();
            return Task.CompletedTask;
        }

        public CameraControls Apply(CameraControls wanted) => wanted;

        public async ValueTask DisposeAsync()
        {
            await StopAsync();
            if (hangs)
                await Task.Delay(Timeout.Infinite);
        }

        private void Tick()
        {
            if (_sequence < frames)
                Deliver();
            else if (breaks)
                StateChanged?.Invoke(new(_clock.Now, CameraState.Failed, "cable pulled"));
        }
    }
}
