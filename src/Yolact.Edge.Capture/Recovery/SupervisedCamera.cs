using Yolact.Edge.Capture.Cameras;

namespace Yolact.Edge.Capture.Recovery;

/// <summary>
/// A camera that outlives its own source: watches that frames flow, and climbs the recovery ladder where they do not. A source that is not
/// there yet is waited for. Frame numbers keep rising across sources; a frame of a source that was given up is dropped.
/// </summary>
public sealed class SupervisedCamera : ICamera
{
    // A frozen source may never end; what it holds is then lost, which is better than losing the rest, too.
    private static readonly TimeSpan ClosingPatience = TimeSpan.FromSeconds(5);

    private readonly Func<ICamera> _make;
    private readonly RecoveryOptions _options;
    private readonly TimeProvider _clock;
    private readonly Func<CancellationToken, Task<string?>>? _restartService;
    private readonly bool _waitsForTrigger;
    private readonly RecoveryLadder _ladder;
    private readonly CancellationTokenSource _stop = new();
    private readonly Lock _delivery = new();
    private Task _supervision = Task.CompletedTask;
    private Action<CameraFrame>? _onFrame;
    private ICamera? _source;
    private int _started;
    private int _generation;
    private long _lastFrame;
    private long _flowingSince;
    private long _sequenceShift;
    private long _lastSequence = -1;

    /// <summary>A supervised camera.</summary>
    /// <param name="name">The camera's name.</param>
    /// <param name="make">Makes the source anew, each time.</param>
    /// <param name="options">Valid options.</param>
    /// <param name="clock">The clock of the watchdog.</param>
    /// <param name="restartService">Restarts the service that owns the sensor; returns why it failed, or null. Null: there is none.</param>
    /// <param name="waitsForTrigger">True: a line triggers the sensor, so that silence is no stall; edges without a frame tell of one.</param>
    public SupervisedCamera(
        string name,
        Func<ICamera> make,
        RecoveryOptions options,
        TimeProvider clock,
        Func<CancellationToken, Task<string?>>? restartService = null,
        bool waitsForTrigger = false)
    {
        ArgumentNullException.ThrowIfNull(make);
        ArgumentNullException.ThrowIfNull(options);
        ArgumentNullException.ThrowIfNull(clock);
        Name = name;
        _make = make;
        _options = options;
        _clock = clock;
        _restartService = restartService;
        _waitsForTrigger = waitsForTrigger;
        _ladder = new(options, restartService is not null);
    }

    private enum Verdict
    {
        Stopped,
        Ended,
        Silent,
        Broken,
    }

    /// <inheritdoc/>
    public event Action<CameraStateChange>? StateChanged;

    /// <inheritdoc/>
    public string Name { get; }

    /// <inheritdoc/>
    public CameraState State { get; private set; }

    /// <summary>How often the source was built anew after a stall.</summary>
    public long Rebuilds { get; private set; }

    /// <summary>How often the sensor's service was restarted.</summary>
    public long ServiceRestarts { get; private set; }

    /// <summary>How often frames ceased to flow.</summary>
    public long Stalls { get; private set; }

    /// <summary>When the last frame came; default before the first.</summary>
    public MonotonicTime LastFrame => new(Volatile.Read(ref _lastFrame));

    /// <inheritdoc/>
    public CameraTiming Timing { get; private set; } = new(FrameTimeMeaning.Arrival, TimeSpan.Zero, "not known before the camera is open");

    /// <summary>Starts watching; returns at once, since a camera that is not there is waited for.</summary>
    /// <inheritdoc/>
    public Task StartAsync(Action<CameraFrame> onFrame, CancellationToken cancellation = default)
    {
        ArgumentNullException.ThrowIfNull(onFrame);
        if (Interlocked.Exchange(ref _started, 1) != 0)
            throw new InvalidOperationException($"camera {Name} was started before");
        _onFrame = onFrame;
        _supervision = SuperviseAsync();
        return Task.CompletedTask;
    }

    /// <inheritdoc/>
    public async Task StopAsync()
    {
        await _stop.CancelAsync().ConfigureAwait(false);
        await _supervision.ConfigureAwait(false);
        if (State is not (CameraState.Ended or CameraState.Failed or CameraState.Stopped))
            Change(CameraState.Stopped, "");
    }

    /// <inheritdoc/>
    public CameraControls Apply(CameraControls wanted) => _source?.Apply(wanted) ?? CameraControls.None;

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        await StopAsync().ConfigureAwait(false);
        _stop.Dispose();
    }

    private async Task SuperviseAsync()
    {
        Change(CameraState.Starting, "");
        bool recovering = false;
        while (!_stop.IsCancellationRequested)
        {
            (Verdict verdict, string reason) = await RunSourceAsync().ConfigureAwait(false);
            switch (verdict)
            {
                case Verdict.Stopped:
                    return;
                case Verdict.Ended:
                    Change(CameraState.Ended, reason);
                    return;
                case Verdict.Broken when !recovering && Volatile.Read(ref _lastSequence) < 0:
                    // It never delivered anything: not there yet.
                    if (State != CameraState.Waiting)
                        Change(CameraState.Waiting, reason);
                    await PauseAsync(_options.RetryMs).ConfigureAwait(false);
                    continue;
            }
            if (!recovering || State == CameraState.Running)
                Stalls++;
            recovering = true;
            if (!await ClimbAsync(reason).ConfigureAwait(false))
                return;
        }
    }

    /// <summary>Makes a source, runs it, and tells why it no longer does.</summary>
    private async Task<(Verdict, string)> RunSourceAsync()
    {
        var gone = new TaskCompletionSource<(Verdict, string)>(TaskCreationOptions.RunContinuationsAsynchronously);
        ICamera? source = null;
        try
        {
            source = _make();
            source.StateChanged += change =>
            {
                if (change.State == CameraState.Ended)
                    gone.TrySetResult((Verdict.Ended, change.Reason));
                else if (change.State == CameraState.Failed && change.Reason.Length > 0)
                    gone.TrySetResult((Verdict.Broken, change.Reason));
            };
            int generation;
            lock (_delivery)
            {
                generation = ++_generation;
                _sequenceShift = _lastSequence + 1;
            }
            long began = Now();
            _source = source;
            await source.StartAsync(frame => Deliver(frame, generation), _stop.Token).ConfigureAwait(false);
            Timing = source.Timing;
            return await WatchAsync(began, gone.Task).ConfigureAwait(false);
        }
        catch (CameraException error)
        {
            if (error.IsPermanent)
                Change(CameraState.Failed, error.Message);
            return (error.IsPermanent ? Verdict.Stopped : Verdict.Broken, error.Message);
        }
        catch (OperationCanceledException) when (_stop.IsCancellationRequested)
        {
            return (Verdict.Stopped, "");
        }
        finally
        {
            lock (_delivery)
                _generation++;
            _source = null;
            if (source is not null)
                await CloseAsync(source).ConfigureAwait(false);
        }
    }

    private async Task<(Verdict, string)> WatchAsync(long began, Task<(Verdict, string)> gone)
    {
        while (!_stop.IsCancellationRequested)
        {
            long last = Math.Max(began, Volatile.Read(ref _lastFrame));
            bool first = last == began;
            int limit = first ? _options.StartMs : _options.StallMs;
            long left = last + (limit * 1_000_000L) - Now();
            if (left < 0 && !_waitsForTrigger)
                return (Verdict.Silent, first ? $"no first frame within {limit} ms" : $"no frame for {limit} ms");
            if (!first && _flowingSince != 0 && Now() - _flowingSince >= _options.CalmMs * 1_000_000L)
                _ladder.Reset();
            await Task.WhenAny(gone, PauseAsync(Math.Clamp((left / 1_000_000) + 1, 1, _options.StallMs / 4))).ConfigureAwait(false);
            if (gone.IsCompleted)
                return await gone.ConfigureAwait(false);
        }
        return (Verdict.Stopped, "");
    }

    /// <summary>Takes the next step of the ladder; false where there is none left in this process.</summary>
    private async Task<bool> ClimbAsync(string reason)
    {
        _flowingSince = 0;
        (RecoveryRung rung, int attempt) = _ladder.Next();
        if (rung == RecoveryRung.HandOver && _options.HandOver)
        {
            Change(CameraState.Failed, reason, rung, attempt);
            return false;
        }
        if (rung == RecoveryRung.HandOver)
        {
            Change(CameraState.Waiting, reason);
            await PauseAsync(_options.RetryMs).ConfigureAwait(false);
            return true;
        }
        Change(CameraState.Stalled, reason, rung, attempt);
        if (rung == RecoveryRung.RestartService)
        {
            ServiceRestarts++;
            if (await _restartService!(_stop.Token).ConfigureAwait(false) is { } failure)
                Change(CameraState.Stalled, failure, rung, attempt);
        }
        else
        {
            Rebuilds++;
        }
        if (attempt > 1 || rung == RecoveryRung.RestartService)
            await PauseAsync(_options.RetryMs).ConfigureAwait(false);
        return true;
    }

    private void Deliver(CameraFrame frame, int generation)
    {
        lock (_delivery)
        {
            if (generation != _generation)
            {
                frame.Dispose();
                return;
            }
            long now = Now();
            Volatile.Write(ref _lastFrame, now);
            if (_flowingSince == 0)
                _flowingSince = now;
            frame.Picture.Sequence += _sequenceShift;
            if (frame.FullPicture is { } full)
                full.Sequence = frame.Picture.Sequence;
            _lastSequence = frame.Picture.Sequence;
            if (State != CameraState.Running)
                Change(CameraState.Running, "");
        }
        _onFrame!(frame);
    }

    private async Task CloseAsync(ICamera source)
    {
        try
        {
            await source.DisposeAsync().AsTask().WaitAsync(ClosingPatience, _clock).ConfigureAwait(false);
        }
        catch (TimeoutException)
        {
            Change(State, $"the old source did not end within {ClosingPatience.TotalSeconds:0} s and is left behind");
        }
    }

    private Task PauseAsync(long milliseconds) =>
        Task.Delay(TimeSpan.FromMilliseconds(milliseconds), _clock, _stop.Token)
            .ContinueWith(static _ => { }, CancellationToken.None, TaskContinuationOptions.ExecuteSynchronously, TaskScheduler.Default);

    private long Now() => MonotonicTime.Now(_clock).Nanoseconds;

    private void Change(CameraState state, string reason, RecoveryRung? rung = null, int attempt = 0)
    {
        State = state;
        StateChanged?.Invoke(new(MonotonicTime.Now(_clock), state, reason, rung, attempt));
    }
}
