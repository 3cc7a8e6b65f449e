namespace Yolact.Edge.Models;

/// <summary>Limits of a download.</summary>
public sealed record DownloadOptions
{
    /// <summary>Largest file that is taken, in bytes. Default: 1 GiB; the largest of the authors' checkpoints has about 210 MB.</summary>
    public long MaxBytes { get; init; } = 1L << 30;

    /// <summary>Connections in a row that may break without a single byte arrived before it gives up. Default: 5.</summary>
    public int Attempts { get; init; } = 5;

    /// <summary>Wait before the second attempt; doubles with each. Default: 1 s.</summary>
    public TimeSpan RetryDelay { get; init; } = TimeSpan.FromSeconds(1);

    /// <summary>A connection on which nothing arrives for this long counts as broken. Default: 60 s.</summary>
    public TimeSpan Stall { get; init; } = TimeSpan.FromSeconds(60);
}
