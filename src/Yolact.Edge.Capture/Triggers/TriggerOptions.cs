using Yolact.Edge.Capture.Lines;

namespace Yolact.Edge.Capture.Triggers;

/// <summary>Which moments pictures are taken for, and how edges and frames are matched. All times in ms.</summary>
public sealed record TriggerOptions
{
    /// <summary>Default: free-running.</summary>
    public TriggerMode Mode { get; init; } = TriggerMode.FreeRun;

    /// <summary>Name of the input line (modes <c>edge</c>, <c>gate</c>, <c>hardware</c>).</summary>
    public string? Line { get; init; }

    /// <summary>Which edge asks for a picture. Default rising. In mode <c>gate</c>: the edge that opens the gate.</summary>
    public LineEdge Edge { get; init; } = LineEdge.Rising;

    /// <summary>Raw edges less than this apart are one edge with the first one's time, 0..10000. Default 2.</summary>
    public double DebounceMs { get; init; } = 2;

    /// <summary>Report an edge at once, or after a quiet period that filters disturbances. Default immediate.</summary>
    public DebounceMode Debounce { get; init; } = DebounceMode.Immediate;

    /// <summary>From the edge to the moment that is to be seen, 0..60000. Default 0. Mode <c>hardware</c>: from the edge to the start
    /// of exposure.</summary>
    public double DelayMs { get; init; }

    /// <summary>An edge sooner than this after the last accepted one is an overrun, 0..60000. Default 0.</summary>
    public double MinimumIntervalMs { get; init; }

    /// <summary>Consecutive frames for each edge, 1..100 (modes <c>edge</c>, <c>software</c>). Default 1.</summary>
    public int FramesPerEdge { get; init; } = 1;

    /// <summary>One frame may answer several edges. Default false: the later edge is an overrun.</summary>
    public bool ShareFrames { get; init; }

    /// <summary>An edge without its frame this long after its moment (or after its last frame) is unanswered, 1..600000. Default 1000.</summary>
    public double DeadlineMs { get; init; } = 1000;

    /// <summary>
    /// A frame that starts later than this after an edge's moment does not answer it, 0..600000: it would show something else. About one
    /// frame interval is right for moving parts. Null: any frame does.
    /// </summary>
    public double? MaximumLagMs { get; init; }

    /// <summary>
    /// Edges are known here at most this late, 0..10000. Frames nobody has asked for are kept as long (after their start of exposure),
    /// since an edge that asks for them may still come. Default 50.
    /// </summary>
    public double EdgeLatencyMs { get; init; } = 50;

    /// <summary>Mode <c>hardware</c>: how far a frame's start may be from its edge's moment, 0.01..10000; less than half of the shortest
    /// interval between edges. Default 5.</summary>
    public double ToleranceMs { get; init; } = 5;

    /// <summary>Edges that wait for frames at once, 1..4096; a further edge is an overrun. Default 256.</summary>
    public int Capacity { get; init; } = 256;

    /// <summary>Reports everything that is wrong.</summary>
    /// <param name="pointer">JSON pointer of this record.</param>
    /// <param name="report">Receives the pointer of each wrong member and what would be right.</param>
    public void Validate(string pointer, Action<string, string> report)
    {
        ArgumentNullException.ThrowIfNull(report);
        if (!Enum.IsDefined(Mode))
            report($"{pointer}/mode", "free_run, edge, gate, software or hardware");
        if (Mode is TriggerMode.Edge or TriggerMode.Gate or TriggerMode.Hardware && string.IsNullOrWhiteSpace(Line))
            report($"{pointer}/line", "the name of an input line for this mode");
        if (!Enum.IsDefined(Edge))
            report($"{pointer}/edge", "rising or falling");
        if (!Enum.IsDefined(Debounce))
            report($"{pointer}/debounce", "immediate or confirmed");
        Range("debounce_ms", DebounceMs, 0, 10_000);
        Range("delay_ms", DelayMs, 0, 60_000);
        Range("minimum_interval_ms", MinimumIntervalMs, 0, 60_000);
        Range("frames_per_edge", FramesPerEdge, 1, 100);
        Range("deadline_ms", DeadlineMs, 1, 600_000);
        Range("maximum_lag_ms", MaximumLagMs ?? 0, 0, 600_000);
        Range("edge_latency_ms", EdgeLatencyMs, 0, 10_000);
        Range("tolerance_ms", ToleranceMs, 0.01, 10_000);
        Range("capacity", Capacity, 1, 4096);
        if ((Debounce == DebounceMode.Confirmed || Mode == TriggerMode.Gate) && EdgeLatencyMs < DebounceMs + 2)
            report($"{pointer}/edge_latency_ms", $"at least debounce_ms + 2 = {DebounceMs + 2}, since a line's quiet is known that late");

        void Range(string name, double value, double low, double high)
        {
            if (!(value >= low && value <= high))
                report($"{pointer}/{name}", $"{low} to {high}, not {value}");
        }
    }
}
