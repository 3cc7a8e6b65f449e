using Yolact.Edge.Imaging;

namespace Yolact.Edge.Simulation.Camera;

/// <summary>How the belt's camera delivers; what it sees is the world's.</summary>
public sealed record BeltCameraOptions
{
    /// <summary>Pictures a second, 0.01..2000. Default 30.</summary>
    public double Rate { get; init; } = 30;

    /// <summary>From the end of exposure to delivery, as readout and transfer take, 0..1000. Default 5.</summary>
    public double ReadoutMs { get; init; } = 5;

    /// <summary><see cref="PixelFormat.Bgrx32"/>, <see cref="PixelFormat.Rgb24"/>, <see cref="PixelFormat.Bgr24"/> or
    /// <see cref="PixelFormat.Gray8"/>. Default Bgrx32, which costs least.</summary>
    public PixelFormat Format { get; init; } = PixelFormat.Bgrx32;

    /// <summary>False: frames have their times and numbers but undefined pixels, for tests about time. Default true.</summary>
    public bool DrawsPictures { get; init; } = true;

    /// <summary>Reports everything that is wrong.</summary>
    /// <param name="pointer">JSON pointer of this record.</param>
    /// <param name="report">Receives the pointer of each wrong member and what would be right.</param>
    public void Validate(string pointer, Action<string, string> report)
    {
        ArgumentNullException.ThrowIfNull(report);
        if (!(Rate is >= 0.01 and <= 2000))
            report($"{pointer}/rate", $"0.01 to 2000 pictures a second, not {Rate}");
        if (!(ReadoutMs is >= 0 and <= 1000))
            report($"{pointer}/readout_ms", $"0 to 1000, not {ReadoutMs}");
        if (Format is PixelFormat.Nv12 or PixelFormat.Yuy2 || !Enum.IsDefined(Format))
            report($"{pointer}/format", $"bgrx32, rgb24, bgr24 or gray8, not {Format}");
    }
}
