namespace Yolact.Edge.Messaging.Commands.Requests;

/// <summary>Where a picture goes.</summary>
public enum SnapshotTarget
{
    /// <summary>Into the response, as base64.</summary>
    Response,

    /// <summary>To the camera's topic <c>evidence</c>, as it is.</summary>
    Evidence,
}

/// <summary>Asks for what the camera sees now, as a JPEG file.</summary>
/// <param name="Overlay">True for the next picture that went through the network, with masks drawn in; false for the next one at all.</param>
/// <param name="MaxWidth">The greatest width in px, 64..8192.</param>
/// <param name="To">Where it goes.</param>
public sealed record SnapshotRequest(bool Overlay = false, int MaxWidth = 1920, SnapshotTarget To = SnapshotTarget.Response) : ICommandRequest
{
    /// <summary>The smallest greatest width, in px.</summary>
    public const int LeastWidth = 64;

    /// <summary>The largest greatest width, in px.</summary>
    public const int MostWidth = 8192;

    /// <inheritdoc/>
    public IEnumerable<string> Validate() => MaxWidth is < LeastWidth or > MostWidth ? [$"max_width should be {LeastWidth}..{MostWidth} px, not {MaxWidth}."] : [];
}

/// <summary>A picture.</summary>
/// <param name="Camera">Name of the camera.</param>
/// <param name="Sequence">The source's number of the frame.</param>
/// <param name="Width">Columns in px.</param>
/// <param name="Height">Rows in px.</param>
/// <param name="SourceWidth">Columns of the camera's picture in px.</param>
/// <param name="SourceHeight">Rows of the camera's picture in px.</param>
/// <param name="Quality">Of the JPEG file, 1..100.</param>
/// <param name="Bytes">Length of the JPEG file.</param>
/// <param name="Overlay">Whether masks are drawn in.</param>
/// <param name="Data">The JPEG file as base64; null where it went to <paramref name="Topic"/>.</param>
/// <param name="Topic">The topic it went to; null where it is in <paramref name="Data"/>.</param>
/// <param name="EvidenceId">Id of the message there; null where there is none.</param>
public sealed record SnapshotResult(string Camera, long Sequence, int Width, int Height, int SourceWidth, int SourceHeight, int Quality, int Bytes,
    bool Overlay, string? Data, string? Topic, string? EvidenceId);
