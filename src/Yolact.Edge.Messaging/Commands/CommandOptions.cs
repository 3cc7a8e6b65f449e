namespace Yolact.Edge.Messaging.Commands;

/// <summary>What a device lets itself be asked for over MQTT. Who may ask is the broker's access list to say.</summary>
public sealed record CommandOptions
{
    /// <summary>Whether the device takes commands at all. Default true; the embedded broker is reachable from this machine alone.</summary>
    public bool Enabled { get; init; } = true;

    /// <summary>Commands a second that are taken in the long run, 1..1000, default 20; at once twice as many. Others are answered with 429.</summary>
    public int PerSecond { get; init; } = 20;

    /// <summary>The largest picture that a snapshot hands over, in bytes of JPEG, 16384..4194304, default 524288; quality, then size, is reduced.</summary>
    public int SnapshotMaxBytes { get; init; } = 512 << 10;

    /// <summary>Checks every rule.</summary>
    /// <param name="pointer">JSON pointer of these options.</param>
    /// <param name="report">Receives the pointer of each wrong member and what would be right.</param>
    public void Validate(string pointer, Action<string, string> report)
    {
        ArgumentNullException.ThrowIfNull(report);
        if (PerSecond is < 1 or > 1000)
            report($"{pointer}/per_second", $"1..1000, not {PerSecond}");
        if (SnapshotMaxBytes is < 16 << 10 or > 4 << 20)
            report($"{pointer}/snapshot_max_bytes", $"16384..4194304, not {SnapshotMaxBytes}");
    }
}
