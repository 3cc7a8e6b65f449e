namespace Yolact.Edge.Capture.Cameras;

/// <summary>When a camera counts as stalled, and how hard one tries to bring it back.</summary>
public sealed record RecoveryOptions
{
    /// <summary>No frame for this long is a stall, in ms, 100..600000. Default 3000 (Argus itself gives up after 2500).</summary>
    public int StallMs { get; init; } = 3000;

    /// <summary>The first frame after a start may take this long, in ms, 100..600000. Default 15000.</summary>
    public int StartMs { get; init; } = 15_000;

    /// <summary>Pause between two tries to find a camera that is not there, in ms, 100..600000. Default 2000.</summary>
    public int RetryMs { get; init; } = 2000;

    /// <summary>How often the source is built anew before the next step, 0..100. Default 3.</summary>
    public int Rebuilds { get; init; } = 3;

    /// <summary>How often the sensor's service is restarted before the next step, 0..10. Default 1. Without such a service: not at all.</summary>
    public int ServiceRestarts { get; init; } = 1;

    /// <summary>True: hand over to the supervisor when nothing helped. False: go on waiting. Default true.</summary>
    public bool HandOver { get; init; } = true;

    /// <summary>Frames must flow for this long, in ms, 0..3600000, before a later stall begins at the mildest step again. Default 30000.</summary>
    public int CalmMs { get; init; } = 30_000;

    /// <summary>Reports everything that is wrong.</summary>
    /// <param name="pointer">JSON pointer of this record.</param>
    /// <param name="report">Receives the pointer of each wrong member and what would be right.</param>
    public void Validate(string pointer, Action<string, string> report)
    {
        ArgumentNullException.ThrowIfNull(report);
        Range("stall_ms", StallMs, 100, 600_000);
        Range("start_ms", StartMs, 100, 600_000);
        Range("retry_ms", RetryMs, 100, 600_000);
        Range("rebuilds", Rebuilds, 0, 100);
        Range("service_restarts", ServiceRestarts, 0, 10);
        Range("calm_ms", CalmMs, 0, 3_600_000);

        void Range(string name, int value, int low, int high)
        {
            if (value < low || value > high)
                report($"{pointer}/{name}", $"{low} to {high}, not {value}");
        }
    }
}
