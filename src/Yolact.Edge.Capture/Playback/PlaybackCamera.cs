using Yolact.Edge.Capture.Cameras;

namespace Yolact.Edge.Capture.Playback;

/// <summary>A camera that hands out stored pictures one after the other and waits for its handler: the same pictures, in the same order,
/// every time.</summary>
public abstract class PlaybackCamera : ICamera
{
    private readonly CancellationTokenSource _stop = new();
    private readonly TaskCompletionSource _ended = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private Task _playing = Task.CompletedTask;
    private int _started;

    private protected PlaybackCamera(string name, TimeProvider clock)
    {
        Name = name;
        Clock = clock;
    }

    /// <inheritdoc/>
    public event Action<CameraStateChange>? StateChanged;

    /// <inheritdoc/>
    public string Name { get; }

    /// <inheritdoc/>
    public CameraState State { get; private set; }

    /// <inheritdoc/>
    public abstract CameraTiming Timing { get; }

    /// <summary>Ends when the last picture was handled, or the camera was stopped or failed.</summary>
    public Task Completion => _ended.Task;

    private protected TimeProvider Clock { get; }

    /// <inheritdoc/>
    public async Task StartAsync(Action<CameraFrame> onFrame, CancellationToken cancellation = default)
    {
        ArgumentNullException.ThrowIfNull(onFrame);
        if (Interlocked.Exchange(ref _started, 1) != 0)
            throw new InvalidOperationException($"camera {Name} was started before");
        Change(CameraState.Starting, "");
        try
        {
            await Task.Run(Open, cancellation).ConfigureAwait(false);
        }
        catch (CameraException error)
        {
            Change(CameraState.Failed, error.Message);
            _ended.TrySetResult();
            throw;
        }
        _playing = Task.Factory.StartNew(() => PlayAsync(onFrame), _stop.Token, TaskCreationOptions.LongRunning, TaskScheduler.Default).Unwrap();
    }

    /// <inheritdoc/>
    public async Task StopAsync()
    {
        await _stop.CancelAsync().ConfigureAwait(false);
        try
        {
            await _playing.ConfigureAwait(false);
        }
        catch (OperationCanceledException)
        {
            // It never began to play.
        }
        if (State is CameraState.Starting or CameraState.Running)
            Change(CameraState.Stopped, "");
        _ended.TrySetResult();
    }

    /// <inheritdoc/>
    public CameraControls Apply(CameraControls wanted) => CameraControls.None;

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        await StopAsync().ConfigureAwait(false);
        _stop.Dispose();
        Close();
        GC.SuppressFinalize(this);
    }

    /// <summary>Opens the source.</summary>
    /// <exception cref="CameraException">It cannot be opened.</exception>
    private protected abstract void Open();

    /// <summary>Closes the source.</summary>
    private protected abstract void Close();

    /// <summary>The next picture and when it is due (null: at once); null at the end.</summary>
    /// <exception cref="CameraException">The source is broken.</exception>
    private protected abstract (Frame Frame, MonotonicTime? Due)? Next();

    /// <summary>Waits until a moment of the clock, unless stopped.</summary>
    private protected async Task<bool> WaitUntilAsync(MonotonicTime due)
    {
        TimeSpan wait = due - MonotonicTime.Now(Clock);
        if (wait > TimeSpan.Zero)
            await Task.Delay(wait, Clock, _stop.Token).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        return !_stop.IsCancellationRequested;
    }

    /// <summary>Tells what happened without a change of state.</summary>
    private protected void Note(string reason) => Change(State, reason);

    private async Task PlayAsync(Action<CameraFrame> onFrame)
    {
        try
        {
            while (!_stop.IsCancellationRequested && Next() is var (frame, due))
            {
                if (due is { } moment && !await WaitUntilAsync(moment).ConfigureAwait(false))
                {
                    frame.Dispose();
                    return;
                }
                if (State != CameraState.Running)
                    Change(CameraState.Running, "");
                onFrame(new(frame));
            }
            if (!_stop.IsCancellationRequested)
                Change(CameraState.Ended, "");
        }
        catch (CameraException error)
        {
            Change(CameraState.Failed, error.Message);
        }
        finally
        {
            _ended.TrySetResult();
        }
    }

    private void Change(CameraState state, string reason)
    {
        State = state;
        StateChanged?.Invoke(new(MonotonicTime.Now(Clock), state, reason));
    }
}
