using Yolact.Edge.Capture.Lines;

namespace Yolact.Edge.Capture.Triggers;

/// <summary>
/// Mode gate: every frame whose exposure starts while the gate is open (opening edge included, closing edge not, both moved by the delay)
/// answers the opening edge. A frame is decided when every edge up to its start is known: when a later edge came, or one edge latency
/// after. A gate that closed without a frame is unanswered.
/// </summary>
internal sealed class GateMatcher(TriggerOptions options, TimeSpan arrivalLatency) : TriggerMatcher(options, arrivalLatency)
{
    private readonly Ring<Gate> _gates = new(options.Capacity);
    private readonly Ring<FrameStamp> _frames = new(FrameCapacity);
    private readonly LineEdge _opening = options.Edge;
    private long _known = long.MinValue;

    private record struct Gate(TriggerEdge Edge, long From, long To, int Answered);

    public override MonotonicTime? WakesAt
    {
        get
        {
            long due = _frames.Count > 0 ? StartOf(_frames[0]) + EdgeLatency - Delay : long.MaxValue;
            if (_gates.Count > 0 && _gates[0].To != long.MaxValue)
                due = Math.Min(due, _gates[0].To + Deadline + 1);
            return due == long.MaxValue ? null : new(due);
        }
    }

    public override bool AddEdge(in TriggerEdge edge)
    {
        long moment = edge.Time.Nanoseconds + Delay;
        // A second opening edge means that the closing one was lost: the gate closed some time before.
        if (_gates.Count > 0 && _gates[_gates.Count - 1].To == long.MaxValue)
            _gates[_gates.Count - 1].To = moment;
        bool opens = edge.Edge == _opening && Accepts(edge, _gates.IsFull);
        if (opens)
            _gates.Add(new(edge, moment, long.MaxValue, 0));
        _known = Math.Max(_known, moment);
        Decide();
        return opens;
    }

    public override void AddFrame(in FrameStamp frame)
    {
        if (_frames.IsFull)
        {
            _known = Math.Max(_known, StartOf(_frames[0]));
            Decide();
        }
        _frames.Add(frame);
        Decide();
    }

    public override void Advance(MonotonicTime now)
    {
        _known = Math.Max(_known, now.Nanoseconds - EdgeLatency + Delay);
        Decide();
        while (_gates.Count > 0 && _gates[0].To != long.MaxValue && now.Nanoseconds - _gates[0].To > Deadline)
            Close(TriggerReason.DeadlinePassed);
    }

    public override void Stop()
    {
        _known = long.MaxValue;
        Decide();
        while (_gates.Count > 0)
            Close(TriggerReason.Stopped);
    }

    private void Decide()
    {
        while (_frames.Count > 0 && StartOf(_frames[0]) is var start && start <= _known)
        {
            while (_gates.Count > 0 && _gates[0].To <= start)
                Close(TriggerReason.GateTooShort);
            FrameStamp frame = _frames[0];
            bool inside = _gates.Count > 0 && _gates[0].From <= start;
            if (inside)
            {
                ref Gate gate = ref _gates[0];
                long uncertainty = frame.Time.Uncertainty.Ticks * 100;
                bool ambiguous = start - gate.From < uncertainty || gate.To - start <= uncertainty;
                Answer(gate.Edge, frame, gate.Answered++, ambiguous);
            }
            Done(frame, inside ? 1 : 0);
            _frames.RemoveFirst();
        }
    }

    private void Close(TriggerReason reason)
    {
        if (_gates[0].Answered == 0)
            Unanswered(_gates[0].Edge, 0, reason);
        _gates.RemoveFirst();
    }
}
