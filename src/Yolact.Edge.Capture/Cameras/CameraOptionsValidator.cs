namespace Yolact.Edge.Capture.Cameras;

/// <summary>Finds everything that is wrong with a <see cref="CameraOptions"/>.</summary>
public static class CameraOptionsValidator
{
    private const int MaxTextLength = 4096;

    /// <summary>Reports everything that is wrong; what files and devices exist is not looked at.</summary>
    /// <param name="camera">The options; members may be null where JSON said so.</param>
    /// <param name="pointer">JSON pointer of the options: <c>/cameras/0</c>.</param>
    /// <param name="report">Receives the pointer of each wrong member and what would be right.</param>
    public static void Validate(CameraOptions camera, string pointer, Action<string, string> report)
    {
        ArgumentNullException.ThrowIfNull(camera);
        ArgumentNullException.ThrowIfNull(report);
        if (camera.Name is not { Length: >= 1 and <= 64 } name || !name.All(IsNameCharacter))
            report($"{pointer}/name", "1 to 64 lower-case letters, digits, '_' or '-'");
        if (!Enum.IsDefined(camera.Kind))
            report($"{pointer}/kind", $"one of {string.Join(", ", Enum.GetNames<CameraKind>()).ToLowerInvariant()}");
        Origin(camera, pointer, report);
        Sizes(camera, pointer, report);
        camera.Controls?.Validate($"{pointer}/controls", report);
        if (camera.Trigger is null)
            report($"{pointer}/trigger", "an object, not null");
        else
            camera.Trigger.Validate($"{pointer}/trigger", report);
        if (camera.Recovery is null)
            report($"{pointer}/recovery", "an object, not null");
        else
            camera.Recovery.Validate($"{pointer}/recovery", report);
    }

    private static bool IsNameCharacter(char c) => char.IsAsciiLetterLower(c) || char.IsAsciiDigit(c) || c is '_' or '-';

    private static void Origin(CameraOptions camera, string pointer, Action<string, string> report)
    {
        string? needed = camera.Kind switch
        {
            CameraKind.Folder => "a folder of pictures",
            CameraKind.Recording => "a recording made by this program",
            CameraKind.File => "a video file",
            CameraKind.Usb => "a device node such as /dev/video0",
            CameraKind.Rtsp => "an address such as rtsp://host/stream",
            _ => null,
        };
        if (needed is not null)
            Text("source", camera.Source, needed);
        if (camera.Kind == CameraKind.Rtsp && !string.IsNullOrWhiteSpace(camera.Source)
            && !(Uri.TryCreate(camera.Source, UriKind.Absolute, out Uri? address) && address.Scheme is "rtsp" or "rtsps"))
            report($"{pointer}/source", "an absolute address that begins with rtsp:// or rtsps://");
        if (camera.Kind == CameraKind.Custom)
        {
            Text("pipeline", camera.Pipeline, "a GStreamer pipeline that ends in appsink name=picture");
            if (camera.Pipeline is { } pipeline && !pipeline.Contains("name=picture", StringComparison.Ordinal))
                report($"{pointer}/pipeline", "has to hold an appsink name=picture, from which pictures are read");
        }
        Range("sensor_id", camera.SensorId, 0, 15);
        Range("sensor_mode", camera.SensorMode, 0, 63);
        Range("latency_ms", camera.LatencyMs, 0, 60_000);
        Range("arrival_latency_ms", camera.ArrivalLatencyMs, 0, 60_000);

        void Text(string member, string? value, string what)
        {
            if (string.IsNullOrWhiteSpace(value) || value.Length > MaxTextLength || value.Any(char.IsControl))
                report($"{pointer}/{member}", $"{what} (1 to {MaxTextLength} characters) for kind {camera.Kind.ToString().ToLowerInvariant()}");
        }

        void Range(string member, double? value, double low, double high)
        {
            if (value is { } v && !(v >= low && v <= high))
                report($"{pointer}/{member}", $"{low} to {high}, not {v}");
        }
    }

    private static void Sizes(CameraOptions camera, string pointer, Action<string, string> report)
    {
        Side("width", camera.Width);
        Side("height", camera.Height);
        if (camera.Width is null != camera.Height is null)
            report($"{pointer}/{(camera.Width is null ? "width" : "height")}", "width and height together, or neither");
        if (camera.Fps is { } fps && !(fps is >= 0.01 and <= 1000))
            report($"{pointer}/fps", $"0.01 to 1000, not {fps}");
        if (camera.Rotation is not (0 or 90 or 180 or 270))
            report($"{pointer}/rotation", $"0, 90, 180 or 270, not {camera.Rotation}");
        if (camera.RegionOfInterest is not { } region)
            return;
        if (region.X < 0 || region.Y < 0 || region.Width < 16 || region.Height < 16
            || region.Width > FrameLayout.MaxSide || region.Height > FrameLayout.MaxSide
            || region.X > (camera.Width ?? FrameLayout.MaxSide) - region.Width
            || region.Y > (camera.Height ?? FrameLayout.MaxSide) - region.Height)
            report($"{pointer}/region_of_interest", "at least 16 x 16 px, inside the picture");

        void Side(string member, int? value)
        {
            if (value is < 16 or > FrameLayout.MaxSide)
                report($"{pointer}/{member}", $"16 to {FrameLayout.MaxSide} px, not {value}");
        }
    }
}
