namespace Yolact.Edge.Messaging.Commands.Requests;

/// <summary>Asks for a picture of now, whose detections come as those of any edge (trigger modes <c>software</c> and <c>edge</c>).</summary>
public sealed record CaptureRequest : ICommandRequest
{
    /// <inheritdoc/>
    public IEnumerable<string> Validate() => [];
}

/// <summary>The edge that detections will name.</summary>
/// <param name="Camera">Name of the camera.</param>
/// <param name="EdgeId">Number of the edge within this run.</param>
/// <param name="EdgeTimeNs">CLOCK_MONOTONIC in ns.</param>
/// <param name="BootId">The boot that <paramref name="EdgeTimeNs"/> counts from.</param>
public sealed record CaptureResult(string Camera, long EdgeId, long EdgeTimeNs, string BootId);
