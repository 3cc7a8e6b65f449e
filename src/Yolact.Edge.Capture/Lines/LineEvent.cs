namespace Yolact.Edge.Capture.Lines;

/// <summary>Which way a line's level went. Levels are logical: active-low wiring is undone before.</summary>
public enum LineEdge
{
    /// <summary>From inactive to active.</summary>
    Rising,

    /// <summary>From active to inactive.</summary>
    Falling,
}

/// <summary>A change of an input line's level.</summary>
/// <param name="Time">When it happened, by the kernel's (or the simulation's) clock, not when it was read.</param>
/// <param name="Edge">Which way.</param>
/// <param name="Sequence">The line's number of this event: rises by one an event, so a gap tells how many were lost.</param>
public readonly record struct LineEvent(MonotonicTime Time, LineEdge Edge, long Sequence);
