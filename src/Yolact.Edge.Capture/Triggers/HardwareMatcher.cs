namespace Yolact.Edge.Capture.Triggers;

/// <summary>
/// Mode hardware: the line triggers the sensor, so edge n is frame n, starting one delay after its edge. Times check the count: a frame
/// later than its edge's tolerance shows that the edge's frame was lost, a frame earlier that its edge was; the pairing goes on from
/// there. Where tolerances overlap, a gap in the frames' sequence numbers decides.
/// </summary>
internal sealed class HardwareMatcher(TriggerOptions options, TimeSpan arrivalLatency) : TriggerMatcher(options, arrivalLatency)
{
    private readonly Ring<TriggerEdge> _edges = new(options.Capacity);
    private readonly Ring<FrameStamp> _frames = new(FrameCapacity);
    private readonly long _tolerance = Nanoseconds(options.ToleranceMs);
    private long _lastSequence = long.MinValue;
    private long _lostFrames;

    public override MonotonicTime? WakesAt
    {
        get
        {
            long due = _frames.Count > 0 ? Free() : long.MaxValue;
            if (_edges.Count > 0)
                due = Math.Min(due, Expected(0) + Deadline + 1);
            return due == long.MaxValue ? null : new(due);
        }
    }

    public override bool AddEdge(in TriggerEdge edge)
    {
        if (!Accepts(edge, _edges.IsFull))
            return false;
        _edges.Add(edge);
        Pair();
        return true;
    }

    public override void AddFrame(in FrameStamp frame)
    {
        if (_lastSequence != long.MinValue && frame.Sequence > _lastSequence)
            _lostFrames += frame.Sequence - _lastSequence - 1;
        _lastSequence = frame.Sequence;
        if (_frames.IsFull)
            Drop();
        _frames.Add(frame);
        Pair();
    }

    public override void Advance(MonotonicTime now)
    {
        while (_frames.Count > 0 && now.Nanoseconds >= Free())
            Drop();
        while (_edges.Count > 0 && now.Nanoseconds - Expected(0) > Deadline)
            Lose(TriggerReason.DeadlinePassed);
    }

    public override void Stop()
    {
        while (_edges.Count > 0)
            Lose(TriggerReason.Stopped);
        while (_frames.Count > 0)
            Drop();
    }

    private long Expected(int index) => _edges[index].Time.Nanoseconds + Delay;

    private long Free() => StartOf(_frames[0]) - Delay + _tolerance + EdgeLatency;

    private void Pair()
    {
        while (_frames.Count > 0)
        {
            long start = StartOf(_frames[0]);
            while (_edges.Count > 0 && start > Expected(0) + _tolerance)
                Lose(TriggerReason.FrameLost);
            while (_lostFrames > 0 && _edges.Count > 1 && start >= Expected(1) - _tolerance)
                Lose(TriggerReason.FrameLost);
            if (_edges.Count == 0)
                return;
            if (start >= Expected(0) - _tolerance)
            {
                Answer(_edges[0], _frames[0], 0, _frames[0].Time.Uncertainty.Ticks * 100 > _tolerance);
                Done(_frames[0], 1);
                _edges.RemoveFirst();
                _frames.RemoveFirst();
                _lostFrames = 0;
            }
            else
            {
                // Too early for the oldest edge, hence for all: this frame's edge was lost.
                Drop();
            }
        }
    }

    private void Lose(TriggerReason reason)
    {
        Unanswered(_edges[0], 0, reason);
        _edges.RemoveFirst();
        _lostFrames = Math.Max(0, _lostFrames - 1);
    }

    private void Drop()
    {
        Done(_frames[0], 0);
        _frames.RemoveFirst();
    }
}
