namespace Yolact.Edge.Capture.Triggers;

/// <summary>
/// Decides which frame answers which edge. Edges and frames go in as they become known, each in the order of their times; outcomes come
/// out. What comes out depends on the times alone, not on how edges and frames were interleaved, as long as edges become known within
/// <see cref="TriggerOptions.EdgeLatencyMs"/>. Pure: no clock of its own, no allocation in steady state, for one thread.
/// </summary>
/// <remarks>
/// Every edge that goes in comes out exactly once: answered (in full), as an overrun, or unanswered; in mode <c>gate</c> the edge that
/// opens the gate does. Every frame comes out exactly once as <see cref="TriggerOutcomeKind.FrameDone"/>, after all of its answers.
/// Frames whose source knows only their arrival are taken to start <c>arrival latency</c> earlier; their answers carry that meaning on.
/// </remarks>
public abstract class TriggerMatcher
{
    private readonly Queue<TriggerOutcome> _outcomes;
    private readonly long _arrivalLatency;
    private readonly long _minimumInterval;
    private long _lastAccepted = long.MinValue;

    private protected TriggerMatcher(TriggerOptions options, TimeSpan arrivalLatency)
    {
        _outcomes = new(options.Capacity * 2);
        _arrivalLatency = arrivalLatency.Ticks * 100;
        _minimumInterval = Nanoseconds(options.MinimumIntervalMs);
        Delay = Nanoseconds(options.DelayMs);
        Deadline = Nanoseconds(options.DeadlineMs);
        EdgeLatency = Nanoseconds(options.EdgeLatencyMs);
    }

    /// <summary>Frames that are remembered at once.</summary>
    private protected const int FrameCapacity = 64;

    /// <summary>From the edge to the moment to be seen, in ns.</summary>
    private protected long Delay { get; }

    /// <summary>How long an edge waits for its frame, in ns.</summary>
    private protected long Deadline { get; }

    /// <summary>How late an edge may become known, in ns.</summary>
    private protected long EdgeLatency { get; }

    /// <summary>The matcher for the options' mode.</summary>
    /// <param name="options">Valid options of any mode but <see cref="TriggerMode.FreeRun"/>, which has nothing to match.</param>
    /// <param name="arrivalLatency">Taken off the time of frames that know only their arrival.</param>
    /// <exception cref="ArgumentException">The options are free-running.</exception>
    public static TriggerMatcher Create(TriggerOptions options, TimeSpan arrivalLatency = default)
    {
        ArgumentNullException.ThrowIfNull(options);
        return options.Mode switch
        {
            TriggerMode.Edge or TriggerMode.Software => new EdgeMatcher(options, arrivalLatency),
            TriggerMode.Gate => new GateMatcher(options, arrivalLatency),
            TriggerMode.Hardware => new HardwareMatcher(options, arrivalLatency),
            _ => throw new ArgumentException("free-running capture has no edges to match", nameof(options)),
        };
    }

    /// <summary>An edge became known.</summary>
    /// <param name="edge">Not earlier than the one before.</param>
    /// <returns>True where it was taken on as one that asks for a frame; false for the closing edge of a gate, and for an overrun.</returns>
    public abstract bool AddEdge(in TriggerEdge edge);

    /// <summary>A frame arrived. Whoever keeps its pixels keeps them until it is done.</summary>
    /// <param name="frame">Not earlier than the one before.</param>
    public abstract void AddFrame(in FrameStamp frame);

    /// <summary>Time went on: deadlines pass, frames nobody can ask for any more are done.</summary>
    /// <param name="now">The time now, on the clock of edges and frames.</param>
    public abstract void Advance(MonotonicTime now);

    /// <summary>When <see cref="Advance"/> will next have something to say, if nothing else comes before; null: never.</summary>
    public abstract MonotonicTime? WakesAt { get; }

    /// <summary>Capture stops: edges still waiting are unanswered, all frames are done.</summary>
    public abstract void Stop();

    /// <summary>Takes the next outcome, oldest first. Drain after every call above.</summary>
    /// <param name="outcome">The outcome.</param>
    /// <returns>False where there is none.</returns>
    public bool TryTake(out TriggerOutcome outcome) => _outcomes.TryDequeue(out outcome);

    private protected static long Nanoseconds(double milliseconds) => (long)Math.Round(milliseconds * 1e6);

    private protected long StartOf(in FrameStamp frame) =>
        frame.Time.ExposureStart.Nanoseconds - (frame.Time.Meaning == FrameTimeMeaning.Arrival ? _arrivalLatency : 0);

    /// <summary>Takes an edge on, unless it comes too soon or too many wait: then it is an overrun.</summary>
    private protected bool Accepts(in TriggerEdge edge, bool full)
    {
        long time = edge.Time.Nanoseconds;
        if (_minimumInterval > 0 && _lastAccepted != long.MinValue && time - _lastAccepted < _minimumInterval)
        {
            Overrun(edge, TriggerReason.TooSoon);
            return false;
        }
        if (full)
        {
            Overrun(edge, TriggerReason.TooManyWaiting);
            return false;
        }
        _lastAccepted = time;
        return true;
    }

    private protected void Answer(in TriggerEdge edge, in FrameStamp frame, int index, bool ambiguous) =>
        _outcomes.Enqueue(new(TriggerOutcomeKind.Answered, edge, frame, index,
            TimeSpan.FromTicks((StartOf(frame) - edge.Time.Nanoseconds) / 100), Ambiguous: ambiguous));

    private protected void Overrun(in TriggerEdge edge, TriggerReason reason) =>
        _outcomes.Enqueue(new(TriggerOutcomeKind.Overrun, edge, default, Reason: reason));

    private protected void Unanswered(in TriggerEdge edge, int answered, TriggerReason reason) =>
        _outcomes.Enqueue(new(TriggerOutcomeKind.Unanswered, edge, default, answered, Reason: reason));

    private protected void Done(in FrameStamp frame, int claims) =>
        _outcomes.Enqueue(new(TriggerOutcomeKind.FrameDone, default, frame, claims));
}
