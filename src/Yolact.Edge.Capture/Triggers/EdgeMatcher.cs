namespace Yolact.Edge.Capture.Triggers;

/// <summary>
/// Modes edge and software: an edge's first frame is the first one whose exposure starts at or after the edge plus delay; with n frames an
/// edge, the next n - 1 follow. A frame that answers one edge is an overrun for any other edge whose first frame it is, unless shared.
/// </summary>
/// <remarks>Edges are offered to frames at once, and remembered frames to late edges. Both ways give the same answers, since edges are
/// known in order: whoever takes a frame is the earliest edge that may.</remarks>
internal sealed class EdgeMatcher(TriggerOptions options, TimeSpan arrivalLatency) : TriggerMatcher(options, arrivalLatency)
{
    private readonly Ring<Waiting> _waiting = new(options.Capacity);
    private readonly Ring<Seen> _seen = new(FrameCapacity);
    private readonly int _framesPerEdge = options.FramesPerEdge;
    private readonly bool _share = options.ShareFrames;
    private readonly long _maximumLag = options.MaximumLagMs is { } lag ? Nanoseconds(lag) : long.MaxValue;
    private long _forgotten = long.MinValue;
    private int _open;

    private record struct Waiting(TriggerEdge Edge, long Target, long Since, int Answered);

    private record struct Seen(FrameStamp Frame, long Start, int Claims, bool Done);

    public override MonotonicTime? WakesAt
    {
        get
        {
            long due = long.MaxValue;
            for (int i = 0; i < _waiting.Count; i++)
                due = Math.Min(due, _waiting[i].Since + Deadline + 1);
            for (int i = _open; i < _seen.Count; i++)
            {
                if (_seen[i].Done)
                    continue;
                due = Math.Min(due, Free(_seen[i]));
                break;
            }
            return due == long.MaxValue ? null : new(due);
        }
    }

    public override bool AddEdge(in TriggerEdge edge)
    {
        if (!Accepts(edge, _waiting.IsFull))
            return false;
        long target = edge.Time.Nanoseconds + Delay;
        if (target <= _forgotten)
        {
            Unanswered(edge, 0, TriggerReason.EdgeTooLate);
            return true;
        }
        var waiting = new Waiting(edge, target, target, 0);
        for (int i = 0; i < _seen.Count; i++)
        {
            if (Offer(ref waiting, i))
                return true;
        }
        _waiting.Add(waiting);
        return true;
    }

    public override void AddFrame(in FrameStamp frame)
    {
        if (_seen.IsFull)
            Forget();
        _seen.Add(new(frame, StartOf(frame), 0, false));
        int newest = _seen.Count - 1;
        for (int i = 0; i < _waiting.Count;)
        {
            if (Offer(ref _waiting[i], newest))
                _waiting.RemoveAt(i);
            else
                i++;
        }
    }

    public override void Advance(MonotonicTime now)
    {
        for (int i = 0; i < _waiting.Count;)
        {
            ref Waiting waiting = ref _waiting[i];
            if (now.Nanoseconds - waiting.Since > Deadline)
            {
                Unanswered(waiting.Edge, waiting.Answered, TriggerReason.DeadlinePassed);
                _waiting.RemoveAt(i);
            }
            else
            {
                i++;
            }
        }
        for (; _open < _seen.Count; _open++)
        {
            ref Seen seen = ref _seen[_open];
            if (!seen.Done && now.Nanoseconds < Free(seen))
                return;
            Finish(ref seen);
        }
    }

    public override void Stop()
    {
        for (; _waiting.Count > 0; _waiting.RemoveFirst())
            Unanswered(_waiting[0].Edge, _waiting[0].Answered, TriggerReason.Stopped);
        while (_seen.Count > 0)
            Forget();
    }

    /// <summary>When a frame is free: an edge that asks for it happened at its start less the delay at the latest, and is known one latency
    /// after that.</summary>
    private long Free(in Seen seen) => seen.Start - Delay + EdgeLatency;

    /// <summary>Offers a frame to an edge; true where the edge needs no more frames.</summary>
    private bool Offer(ref Waiting waiting, int index)
    {
        ref Seen seen = ref _seen[index];
        if (seen.Start < waiting.Target)
            return false;
        bool first = waiting.Answered == 0;
        if (first && seen.Start - waiting.Target > _maximumLag)
        {
            Unanswered(waiting.Edge, 0, TriggerReason.FrameTooLate);
            return true;
        }
        if (seen.Claims > 0 && !_share)
        {
            if (first)
                Overrun(waiting.Edge, TriggerReason.FrameTaken);
            return first;
        }
        if (seen.Done)
        {
            Unanswered(waiting.Edge, waiting.Answered, TriggerReason.EdgeTooLate);
            return true;
        }
        Answer(waiting.Edge, seen.Frame, waiting.Answered, first && IsAmbiguous(waiting.Target, index));
        waiting.Answered++;
        waiting.Since = seen.Start;
        seen.Claims++;
        if (!_share)
            Finish(ref seen);
        return waiting.Answered == _framesPerEdge;
    }

    /// <summary>True where this frame may have started before the moment, or the one before it after.</summary>
    private bool IsAmbiguous(long target, int index)
    {
        ref Seen seen = ref _seen[index];
        if (seen.Start - target < seen.Frame.Time.Uncertainty.Ticks * 100)
            return true;
        return index > 0 && target - _seen[index - 1].Start <= _seen[index - 1].Frame.Time.Uncertainty.Ticks * 100;
    }

    private void Finish(ref Seen seen)
    {
        if (!seen.Done)
            Done(seen.Frame, seen.Claims);
        seen.Done = true;
    }

    private void Forget()
    {
        ref Seen oldest = ref _seen[0];
        Finish(ref oldest);
        _forgotten = oldest.Start;
        _seen.RemoveFirst();
        _open = Math.Max(0, _open - 1);
    }
}
