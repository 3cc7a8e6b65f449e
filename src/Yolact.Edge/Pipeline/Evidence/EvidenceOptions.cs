namespace Yolact.Edge.Pipeline.Evidence;

/// <summary>Which frames are published as pictures, too.</summary>
public enum EvidenceFrames
{
    /// <summary>None.</summary>
    None,

    /// <summary>Those that meet a rule.</summary>
    RuleMet,

    /// <summary>Every one.</summary>
    All,
}

/// <summary>Pictures as evidence, on a topic of their own. Off by default: they are large, and may show people.</summary>
public sealed record EvidenceOptions
{
    /// <summary>The smallest size cap: a picture of a postage stamp.</summary>
    public const int LeastBytes = 4096;

    /// <summary>The greatest size cap.</summary>
    public const int MostBytes = 16 << 20;

    /// <summary>Which frames. Default <see cref="EvidenceFrames.None"/>.</summary>
    public EvidenceFrames Frames { get; init; } = EvidenceFrames.None;

    /// <summary>Draw masks, boxes and labels into the picture. Default true.</summary>
    public bool Overlay { get; init; } = true;

    /// <summary>At most one picture in so many ms, 0..3600000. Default 1000.</summary>
    public int IntervalMs { get; init; } = 1000;

    /// <summary>Quality of the JPEG, 10..100. Default 85; lower where the picture would be too large.</summary>
    public int Quality { get; init; } = 85;

    /// <summary>The greatest payload in bytes, 4 KiB..16 MiB, default 512 KiB. A picture that is larger at every quality is left out.</summary>
    public int MaxBytes { get; init; } = 512 << 10;

    /// <summary>True: with acknowledgement (QoS 1), and kept while the broker is away. Default false (QoS 0).</summary>
    public bool Promised { get; init; }

    /// <summary>Reports everything that is wrong.</summary>
    /// <param name="pointer">JSON pointer of these options.</param>
    /// <param name="report">Receives the pointer of each wrong member and what would be right.</param>
    public void Validate(string pointer, Action<string, string> report)
    {
        ArgumentNullException.ThrowIfNull(report);
        if (IntervalMs is < 0 or > 3_600_000)
            report($"{pointer}/interval_ms", $"0 to 3600000, not {IntervalMs}");
        if (Quality is < EvidencePicture.LeastQuality or > 100)
            report($"{pointer}/quality", $"{EvidencePicture.LeastQuality} to 100, not {Quality}");
        if (MaxBytes is < LeastBytes or > MostBytes)
            report($"{pointer}/max_bytes", $"{LeastBytes} to {MostBytes}, not {MaxBytes}");
    }
}
