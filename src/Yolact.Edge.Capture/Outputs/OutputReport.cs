namespace Yolact.Edge.Capture.Outputs;

/// <summary>What happened on an output line that somebody should know of.</summary>
public enum OutputReportKind
{
    /// <summary>A pulse began.</summary>
    Pulsed,

    /// <summary>A pulse came due too late, beyond its deadline, and was not given.</summary>
    TooLate,

    /// <summary>No decision came before the deadline: the declared fail-safe was carried out.</summary>
    FailSafe,

    /// <summary>A decision came after its deadline (or twice, or unasked) and changed nothing.</summary>
    DecisionIgnored,

    /// <summary>The chip refused a level.</summary>
    LineFailed,

    /// <summary>The schedule was stopped first.</summary>
    Cancelled,
}

/// <summary>A report about an output line.</summary>
/// <param name="Kind">What happened.</param>
/// <param name="Line">The line's name.</param>
/// <param name="Edge">The trigger edge's id that it is about; 0 for none.</param>
/// <param name="Due">When the pulse was due.</param>
/// <param name="Time">When this happened.</param>
/// <param name="Fired">True where the line was pulsed.</param>
/// <param name="Reason">What the chip said; null otherwise.</param>
public readonly record struct OutputReport(
    OutputReportKind Kind, string Line, long Edge, MonotonicTime Due, MonotonicTime Time, bool Fired, string? Reason = null);
