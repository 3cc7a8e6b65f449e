using Yolact.Edge.Capture.Cameras;
using Yolact.Edge.Capture.Lines;

namespace Yolact.Edge.Capture.Triggers;

/// <summary>
/// Stands between camera, trigger line and pipeline: debounces the line, keeps frames while an edge may still ask for them, and passes on
/// the frames that answer one. Safe for use from several threads; a wake-up on the given clock lets deadlines pass without any input.
/// </summary>
/// <remarks>The callbacks are called one at a time and in order, under a lock: they must neither block nor call back into this
/// object.</remarks>
public sealed class TriggeredCapture : IDisposable
{
    private readonly Lock _lock = new();
    private readonly TriggerOptions _options;
    private readonly TimeProvider _clock;
    private readonly Action<CapturedFrame> _captured;
    private readonly Action<TriggerOutcome>? _report;
    private readonly Action<TriggerEdge>? _accepted;
    private readonly TriggerMatcher? _matcher;
    private readonly Debouncer _debouncer;
    private readonly List<CameraFrame> _held = [];
    private readonly ITimer _timer;
    // How long after a quiet period a line counts as quiet: raw edges may be read late, and what the quiet reveals must be known within
    // the edge latency. Half of what is left for each.
    private readonly TimeSpan _readingMargin;
    private long _lastId;
    private bool _stopped;

    /// <summary>A capture.</summary>
    /// <param name="options">Valid options.</param>
    /// <param name="arrivalLatency">Taken off the time of frames that know only their arrival, before they are matched.</param>
    /// <param name="clock">The clock of edges and frames.</param>
    /// <param name="captured">Receives each frame to look at, and owns it.</param>
    /// <param name="report">Receives overruns and unanswered edges.</param>
    /// <param name="initiallyActive">The trigger line's level now.</param>
    /// <param name="accepted">Receives each edge that asks for a frame as soon as it is known, long before its frame arrives.</param>
    public TriggeredCapture(
        TriggerOptions options,
        TimeSpan arrivalLatency,
        TimeProvider clock,
        Action<CapturedFrame> captured,
        Action<TriggerOutcome>? report = null,
        bool initiallyActive = false,
        Action<TriggerEdge>? accepted = null)
    {
        ArgumentNullException.ThrowIfNull(options);
        ArgumentNullException.ThrowIfNull(clock);
        ArgumentNullException.ThrowIfNull(captured);
        _options = options;
        _clock = clock;
        _captured = captured;
        _report = report;
        _accepted = accepted;
        _matcher = options.Mode == TriggerMode.FreeRun ? null : TriggerMatcher.Create(options, arrivalLatency);
        _readingMargin = TimeSpan.FromMilliseconds(Math.Max(1, (options.EdgeLatencyMs - options.DebounceMs) / 2));
        _debouncer = new(TimeSpan.FromMilliseconds(options.DebounceMs), options.Debounce, initiallyActive);
        _timer = clock.CreateTimer(static self => ((TriggeredCapture)self!).OnTimer(), this, Timeout.InfiniteTimeSpan, Timeout.InfiniteTimeSpan);
    }

    /// <summary>Takes a frame: pass this to <see cref="ICamera.StartAsync"/>.</summary>
    /// <param name="frame">Owned from now on.</param>
    public void OnFrame(CameraFrame frame)
    {
        lock (_lock)
        {
            if (_stopped)
            {
                frame.Dispose();
            }
            else if (_matcher is null)
            {
                _captured(new(frame));
            }
            else
            {
                _held.Add(frame);
                _matcher.AddFrame(new(frame.Picture.Sequence, frame.Picture.Time));
                Advance();
            }
        }
    }

    /// <summary>Takes a raw edge of the trigger line: subscribe this to <see cref="IInputLine.Changed"/>.</summary>
    /// <param name="raw">Not earlier than the one before.</param>
    public void OnLine(LineEvent raw)
    {
        lock (_lock)
        {
            if (_stopped || _options.Mode is TriggerMode.FreeRun or TriggerMode.Software)
                return;
            if (_debouncer.Settle(raw.Time, out LineEvent settled))
                Accept(settled);
            if (_debouncer.Add(raw, out LineEvent edge))
                Accept(edge);
            Advance();
        }
    }

    /// <summary>Asks for a picture of now (modes <c>software</c> and <c>edge</c>).</summary>
    /// <returns>The edge that stands for the request.</returns>
    /// <exception cref="InvalidOperationException">Another mode, or capture was stopped.</exception>
    public TriggerEdge Trigger()
    {
        lock (_lock)
        {
            if (_stopped)
                throw new InvalidOperationException("Capture was stopped; no picture can be asked for.");
            if (_options.Mode is not (TriggerMode.Software or TriggerMode.Edge))
                throw new InvalidOperationException($"In trigger mode {_options.Mode} pictures cannot be asked for; set mode to software or edge.");
            long id = ++_lastId;
            var edge = new TriggerEdge(id, MonotonicTime.Now(_clock), LineEdge.Rising, id);
            Add(edge);
            Advance();
            return edge;
        }
    }

    /// <summary>Ends capture: edges still waiting are reported as unanswered, frames are let go of. Later input is ignored.</summary>
    public void Stop()
    {
        lock (_lock)
        {
            if (_stopped)
                return;
            _stopped = true;
            _matcher?.Stop();
            Drain();
            foreach (CameraFrame frame in _held)
                frame.Dispose();
            _held.Clear();
        }
    }

    /// <summary>Stops.</summary>
    public void Dispose()
    {
        Stop();
        _timer.Dispose();
    }

    private void OnTimer()
    {
        lock (_lock)
        {
            if (_stopped)
                return;
            if (_debouncer.Settle(MonotonicTime.Now(_clock) + -_readingMargin, out LineEvent settled))
                Accept(settled);
            Advance();
        }
    }

    private void Accept(in LineEvent edge)
    {
        bool opens = edge.Edge == _options.Edge;
        // A gate's closing edge bears the number of the opening one: it asks for nothing itself.
        if (opens)
            Add(new(++_lastId, edge.Time, edge.Edge, edge.Sequence));
        else if (_options.Mode == TriggerMode.Gate)
            Add(new(_lastId, edge.Time, edge.Edge, edge.Sequence));
    }

    private void Add(in TriggerEdge edge)
    {
        if (_matcher!.AddEdge(edge))
            _accepted?.Invoke(edge);
    }

    private void Advance()
    {
        MonotonicTime now = MonotonicTime.Now(_clock);
        _matcher!.Advance(now);
        Drain();
        long due = _matcher.WakesAt?.Nanoseconds ?? long.MaxValue;
        if (_debouncer.SettlesAt is { } settles)
            due = Math.Min(due, (settles + _readingMargin).Nanoseconds);
        // Whole milliseconds, rounded up: a timer that wakes early would only have to be set again.
        TimeSpan wait = due == long.MaxValue
            ? Timeout.InfiniteTimeSpan
            : TimeSpan.FromMilliseconds(Math.Clamp(((due - now.Nanoseconds) / 1_000_000) + 1, 1, int.MaxValue));
        _timer.Change(wait, Timeout.InfiniteTimeSpan);
    }

    private void Drain()
    {
        while (_matcher is not null && _matcher.TryTake(out TriggerOutcome outcome))
        {
            if (outcome.Kind == TriggerOutcomeKind.Answered)
            {
                CameraFrame frame = _held[IndexOf(outcome.Frame.Sequence)].AddReference();
                _captured(new(frame, outcome.Edge, outcome.Index, outcome.Lag, outcome.Ambiguous));
            }
            else if (outcome.Kind == TriggerOutcomeKind.FrameDone)
            {
                int index = IndexOf(outcome.Frame.Sequence);
                _held[index].Dispose();
                _held.RemoveAt(index);
            }
            else
            {
                _report?.Invoke(outcome);
            }
        }
    }

    private int IndexOf(long sequence)
    {
        int index = 0;
        while (_held[index].Picture.Sequence != sequence)
            index++;
        return index;
    }
}
