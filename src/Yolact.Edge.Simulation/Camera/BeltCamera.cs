using Yolact.Edge.Capture.Cameras;
using Yolact.Edge.Imaging;
using Yolact.Edge.Simulation.Clock;
using Yolact.Edge.Simulation.World;

namespace Yolact.Edge.Simulation.Camera;

/// <summary>
/// The camera above the belt: a live source whose pictures start at even intervals of the world's clock and say so exactly.
/// Pictures that its handler is too slow for are dropped and leave a gap in the sequence.
/// </summary>
public sealed class BeltCamera : ICamera
{
    private readonly Lock _gate = new();
    private readonly BeltWorld _world;
    private readonly BeltCameraOptions _options;
    private readonly TimeProvider _clock;
    private readonly BeltView _view;
    private readonly FramePool _pool = new();
    private readonly Alarm _alarm;
    private readonly TimeSpan _exposure;
    private readonly TimeSpan _readout;
    private Action<CameraFrame>? _onFrame;
    private MonotonicTime _first;
    private long _next;
    private bool _wasStarted;
    private bool _disposed;

    /// <summary>A camera.</summary>
    /// <param name="name">Its name in messages and logs.</param>
    /// <param name="world">What it sees.</param>
    /// <param name="options">How it delivers.</param>
    /// <param name="clock">The clock that the world was made with.</param>
    /// <exception cref="ArgumentException">Wrong options; the message lists every error.</exception>
    public BeltCamera(string name, BeltWorld world, BeltCameraOptions options, TimeProvider clock)
    {
        ArgumentNullException.ThrowIfNull(world);
        ArgumentNullException.ThrowIfNull(options);
        ArgumentNullException.ThrowIfNull(clock);
        var errors = new List<string>();
        options.Validate("", (path, right) => errors.Add($"{path}: {right}"));
        if (errors.Count > 0)
            throw new ArgumentException($"The belt camera's options are wrong. {string.Join("; ", errors)}.", nameof(options));
        Name = name;
        _world = world;
        _options = options;
        _clock = clock;
        _exposure = TimeSpan.FromMilliseconds(world.Options.ExposureMs);
        _readout = TimeSpan.FromMilliseconds(options.ReadoutMs);
        _view = new(world);
        _alarm = new(clock, OnAlarm);
    }

    /// <inheritdoc/>
    public event Action<CameraStateChange>? StateChanged;

    /// <inheritdoc/>
    public string Name { get; }

    /// <inheritdoc/>
    public CameraState State { get; private set; }

    /// <inheritdoc/>
    public CameraTiming Timing { get; } = new(FrameTimeMeaning.ExposureStart, TimeSpan.Zero, "simulated belt, start of exposure");

    /// <inheritdoc/>
    public Task StartAsync(Action<CameraFrame> onFrame, CancellationToken cancellation = default)
    {
        ArgumentNullException.ThrowIfNull(onFrame);
        cancellation.ThrowIfCancellationRequested();
        lock (_gate)
        {
            ObjectDisposedException.ThrowIf(_disposed, this);
            if (_wasStarted)
                throw new InvalidOperationException($"Camera {Name} was started before; make a new one.");
            _wasStarted = true;
            _onFrame = onFrame;
            _first = MonotonicTime.Now(_clock);
            Enter(CameraState.Starting, "");
            _alarm.Set(DeliveryOf(_next));
        }
        return Task.CompletedTask;
    }

    /// <inheritdoc/>
    public Task StopAsync()
    {
        lock (_gate)
        {
            _onFrame = null;
            if (State is not CameraState.Stopped)
                Enter(CameraState.Stopped, "");
        }
        return Task.CompletedTask;
    }

    /// <inheritdoc/>
    public CameraControls Apply(CameraControls wanted) => CameraControls.None;

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        await StopAsync().ConfigureAwait(false);
        lock (_gate)
        {
            if (_disposed)
                return;
            _disposed = true;
            _alarm.Dispose();
            _view.Dispose();
        }
    }

    // Holds the gate while the handler runs: so stopping waits for it, and may be called from it.
    private void OnAlarm()
    {
        lock (_gate)
        {
            if (_onFrame is null)
                return;
            long behind = MonotonicTime.Now(_clock).Nanoseconds - DeliveryOf(_next).Nanoseconds;
            if (behind > 0)
                _next += (long)(behind * 1e-9 * _options.Rate);
            Frame frame = Take(_next++);
            if (State == CameraState.Starting)
                Enter(CameraState.Running, "");
            if (_onFrame is { } onFrame)
                onFrame(new(frame));
            else
                frame.Dispose();
            if (_onFrame is not null)
                _alarm.Set(DeliveryOf(_next));
        }
    }

    private Frame Take(long number)
    {
        MonotonicTime start = ExposureStartOf(number);
        Frame frame = _pool.Rent(FrameLayout.Packed(_world.Options.Width, _world.Options.Height, _options.Format));
        if (_options.DrawsPictures)
            _view.Render(start, frame);
        frame.Sequence = number;
        frame.Time = new(start, FrameTimeMeaning.ExposureStart, TimeSpan.Zero, _exposure, _readout);
        return frame;
    }

    private MonotonicTime ExposureStartOf(long number) =>
        new(_first.Nanoseconds + (long)Math.Round(number / _options.Rate * 1e9));

    private MonotonicTime DeliveryOf(long number) => ExposureStartOf(number) + _exposure + _readout;

    private void Enter(CameraState state, string reason)
    {
        State = state;
        StateChanged?.Invoke(new(MonotonicTime.Now(_clock), state, reason));
    }
}
