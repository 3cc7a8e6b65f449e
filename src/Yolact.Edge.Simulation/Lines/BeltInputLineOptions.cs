namespace Yolact.Edge.Simulation.Lines;

/// <summary>How the light barrier's contact behaves.</summary>
public sealed record BeltInputLineOptions
{
    /// <summary>At most so many times an edge bounces (goes back and forth again), 0..20. Default 0.</summary>
    public int MaxBounces { get; init; }

    /// <summary>Bounces end so long after their edge at the latest, and before half of the way to the next, 0..100 ms.
    /// Default 0.8.</summary>
    public double BounceMs { get; init; } = 0.8;

    /// <summary>From an edge to its report, 0..1000 ms; the report carries the edge's own time. Default 0.</summary>
    public double LatencyMs { get; init; }

    /// <summary>Reports everything that is wrong.</summary>
    /// <param name="pointer">JSON pointer of this record.</param>
    /// <param name="report">Receives the pointer of each wrong member and what would be right.</param>
    public void Validate(string pointer, Action<string, string> report)
    {
        ArgumentNullException.ThrowIfNull(report);
        if (MaxBounces is < 0 or > 20)
            report($"{pointer}/max_bounces", $"0 to 20, not {MaxBounces}");
        if (!(BounceMs is >= 0 and <= 100))
            report($"{pointer}/bounce_ms", $"0 to 100, not {BounceMs}");
        if (!(LatencyMs is >= 0 and <= 1000))
            report($"{pointer}/latency_ms", $"0 to 1000, not {LatencyMs}");
    }
}
