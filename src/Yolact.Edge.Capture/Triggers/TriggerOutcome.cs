namespace Yolact.Edge.Capture.Triggers;

/// <summary>What the matcher has to say.</summary>
public enum TriggerOutcomeKind
{
    /// <summary>A frame answers an edge.</summary>
    Answered,

    /// <summary>An edge gets no frame, since it came too soon after others.</summary>
    Overrun,

    /// <summary>An edge gets no frame (or not all of its n), since none fits.</summary>
    Unanswered,

    /// <summary>No further edge will ask for this frame: whoever keeps it for the matcher lets go of it. Comes once for each frame.</summary>
    FrameDone,
}

/// <summary>Why an edge was an overrun or stayed unanswered.</summary>
public enum TriggerReason
{
    /// <summary>Nothing to explain.</summary>
    None,

    /// <summary>Overrun: sooner than the minimum interval after the last accepted edge.</summary>
    TooSoon,

    /// <summary>Overrun: its frame answers another edge already.</summary>
    FrameTaken,

    /// <summary>Overrun: too many edges are waiting.</summary>
    TooManyWaiting,

    /// <summary>Unanswered: no frame came before the deadline.</summary>
    DeadlinePassed,

    /// <summary>Unanswered: the first frame after it started later than the greatest lag.</summary>
    FrameTooLate,

    /// <summary>Unanswered: the edge became known here so late that its frame was gone.</summary>
    EdgeTooLate,

    /// <summary>Unanswered: its frame was lost on the way (hardware triggering).</summary>
    FrameLost,

    /// <summary>Unanswered: no frame's exposure started while the gate was open.</summary>
    GateTooShort,

    /// <summary>Unanswered: capture was stopped first.</summary>
    Stopped,
}

/// <summary>One thing the matcher has to say about an edge or a frame.</summary>
/// <param name="Kind">What happened.</param>
/// <param name="Edge">The edge; default for <see cref="TriggerOutcomeKind.FrameDone"/>.</param>
/// <param name="Frame">The frame; default for edges without one.</param>
/// <param name="Index">Answered: the edge's how-manieth frame this is, from 0. Unanswered: how many frames it got. Frame done: how many
/// edges it answered.</param>
/// <param name="Lag">Answered: from the edge to the start of the frame's exposure.</param>
/// <param name="Reason">Why, for overruns and unanswered edges.</param>
/// <param name="Ambiguous">Answered: within the frame time's uncertainty the frame before or after might be the right one.</param>
public readonly record struct TriggerOutcome(
    TriggerOutcomeKind Kind,
    TriggerEdge Edge,
    FrameStamp Frame,
    int Index = 0,
    TimeSpan Lag = default,
    TriggerReason Reason = TriggerReason.None,
    bool Ambiguous = false);
