namespace Yolact.Edge.Capture.Cameras;

/// <summary>What a camera may let one set; null leaves the camera's own choice (usually automatic).</summary>
public sealed record CameraControls
{
    /// <summary>Nothing set.</summary>
    public static CameraControls None { get; } = new();

    /// <summary>Exposure time in ms, 0.001..10000.</summary>
    public double? ExposureMs { get; init; }

    /// <summary>Gain in the source's own unit (CSI: factor of analogue gain; USB: the driver's number), 0..100000.</summary>
    public double? Gain { get; init; }

    /// <summary>Reports everything that is wrong.</summary>
    /// <param name="pointer">JSON pointer of this record.</param>
    /// <param name="report">Receives the pointer of each wrong member and what would be right.</param>
    public void Validate(string pointer, Action<string, string> report)
    {
        ArgumentNullException.ThrowIfNull(report);
        if (ExposureMs is { } exposure && !(exposure is >= 0.001 and <= 10_000))
            report($"{pointer}/exposure_ms", $"0.001 to 10000 ms, not {exposure}");
        if (Gain is { } gain && !(gain is >= 0 and <= 100_000))
            report($"{pointer}/gain", $"0 to 100000, not {gain}");
    }
}
