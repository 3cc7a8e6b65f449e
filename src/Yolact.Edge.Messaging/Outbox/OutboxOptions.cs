namespace Yolact.Edge.Messaging.Outbox;

/// <summary>Where promised messages (triggered detections, events) wait until the broker has them, and how many.</summary>
public sealed record OutboxOptions
{
    /// <summary>False: promised messages wait in memory alone (<c>mqtt/promised_queue</c>), and are gone with the process. Default true.</summary>
    public bool Enabled { get; init; } = true;

    /// <summary>
    /// Folder of the outbox, on a disk that keeps what was synced; null (the default) for <c>outbox/{device}</c> in the state folder:
    /// systemd's <c>STATE_DIRECTORY</c>, else <c>yolact-edge</c> in <c>XDG_STATE_HOME</c> or <c>~/.local/state</c>, else in the temporary
    /// folder.
    /// </summary>
    public string? Path { get; init; }

    /// <summary>The most it may take on the disk, in MiB, 4..65536, default 256; beyond that the oldest messages make room, and that is an event.</summary>
    public int MaxMib { get; init; } = 256;

    /// <summary>
    /// Hours after which a message is dropped, 1..8760, default 168 (a week); it counts only while the wall clock is synchronised, then and
    /// now.
    /// </summary>
    public int MaxAgeH { get; init; } = 168;

    /// <summary>Checks every rule.</summary>
    /// <param name="pointer">JSON pointer of these options.</param>
    /// <param name="report">Receives the pointer of each wrong member and what would be right.</param>
    public void Validate(string pointer, Action<string, string> report)
    {
        ArgumentNullException.ThrowIfNull(report);
        if (Path is not null && string.IsNullOrWhiteSpace(Path))
            report($"{pointer}/path", "a folder; leave it out for the state folder");
        if (MaxMib is < 4 or > 65536)
            report($"{pointer}/max_mib", $"4..65536, not {MaxMib}");
        if (MaxAgeH is < 1 or > 8760)
            report($"{pointer}/max_age_h", $"1..8760, not {MaxAgeH}");
    }
}
