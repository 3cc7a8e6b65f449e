using System.Globalization;
using System.Text;
using Yolact.Edge.Capture.Cameras;

namespace Yolact.Edge.Capture.GStreamer;

/// <summary>Writes the pipeline of a camera in GStreamer's launch syntax. Pure; texts from the configuration are quoted.</summary>
/// <remarks>
/// Every pipeline names its parts: <c>source</c>, <c>taken</c> (an <c>identity</c> that every picture passes before any is dropped, where
/// pictures are counted and their times noted), <c>picture</c> (the sink that is read) and, for CSI, <c>full</c>.
/// </remarks>
public static class PipelineDescription
{
    /// <summary>The formats that decoded pictures are delivered in. YUV is converted in the pipeline, where its range and matrix are known:
    /// JPEG has the full range, H.264 usually not, and a frame does not say.</summary>
    public const string Formats = "{ RGB, BGRx, BGR, GRAY8 }";

    // Newest picture only, at every place where pictures can wait.
    private const string Leaky = "queue max-size-buffers=1 max-size-bytes=0 max-size-time=0 leaky=downstream";
    private const string LiveSink = "max-buffers=1 drop=true sync=false qos=false";
    private const string FileSink = "max-buffers=2 drop=false sync=false qos=false";
    private const string Taken = "identity name=taken silent=true";

    /// <summary>The pipeline of a camera.</summary>
    /// <param name="camera">Valid options of a kind that GStreamer serves.</param>
    /// <param name="networkSize">Width and height in px that hardware is to scale the picture to (CSI); null: no scaling.</param>
    /// <param name="jetson">Decode and convert with NVIDIA's elements, whose pictures lie in device memory until <c>nvvidconv</c>.</param>
    /// <exception cref="ArgumentException">A kind that GStreamer does not serve.</exception>
    public static string Of(CameraOptions camera, (int Width, int Height)? networkSize = null, bool jetson = false)
    {
        ArgumentNullException.ThrowIfNull(camera);
        return camera.Kind switch
        {
            CameraKind.Csi => Csi(camera, networkSize),
            CameraKind.Usb => $"v4l2src name=source device={Quote(camera.Source!)}{ExtraControls(camera.Controls)}"
                + $" ! {UsbCaps(camera)} ! {Taken} ! {Leaky} ! decodebin ! {Converted(camera, false, jetson)} ! appsink name=picture {LiveSink}",
            CameraKind.Rtsp => $"rtspsrc name=source location={Quote(camera.Source!)} latency={camera.LatencyMs} drop-on-latency=true"
                + $" ! application/x-rtp,media=video ! decodebin ! {Decoded(jetson)} ! {Taken} ! {Leaky}"
                + $" ! {Converted(camera, true, jetson)} ! appsink name=picture {LiveSink}",
            CameraKind.File => $"filesrc name=source location={Quote(camera.Source!)} ! decodebin ! {Decoded(jetson)} ! {Taken}"
                + $" ! {Converted(camera, true, jetson)} ! appsink name=picture {FileSink}",
            CameraKind.Custom => camera.Pipeline!,
            _ => throw new ArgumentException($"cameras of kind {camera.Kind} do not come through GStreamer", nameof(camera)),
        };
    }

    /// <summary>A text as one value of the launch syntax: within double quotes, quotes and backslashes escaped.</summary>
    /// <param name="text">Any text without control characters.</param>
    /// <exception cref="ArgumentException">Control characters.</exception>
    public static string Quote(string text)
    {
        ArgumentNullException.ThrowIfNull(text);
        if (text.Any(char.IsControl))
            throw new ArgumentException("a pipeline's values cannot hold control characters", nameof(text));
        // A value in quotes of its own is unwrapped a second time when the property is set: it is wrapped a second time, byte by byte.
        if (text is ['"', .., '"'] or "\"")
            text = $"\"{string.Concat(Encoding.UTF8.GetBytes(text).Select(b => $"\\{Convert.ToString(b, 8).PadLeft(3, '0')}"))}\"";
        var quoted = new StringBuilder("\"");
        foreach (char c in text)
        {
            if (c is '"' or '\\')
                quoted.Append('\\');
            quoted.Append(c);
        }
        return quoted.Append('"').ToString();
    }

    private static string Csi(CameraOptions camera, (int Width, int Height)? networkSize)
    {
        var text = new StringBuilder($"nvarguscamerasrc name=source sensor-id={camera.SensorId}");
        if (camera.SensorMode is { } mode)
            text.Append(Invariant($" sensor-mode={mode}"));
        if (camera.Controls?.ExposureMs is { } exposure)
            text.Append($" exposuretimerange={Quote(ExposureRange(exposure))}");
        if (camera.Controls?.Gain is { } gain)
            text.Append($" gainrange={Quote(GainRange(gain))}");
        text.Append($" ! {Caps("video/x-raw(memory:NVMM)", camera.Width, camera.Height, camera.Fps, "NV12")} ! {Taken}");
        // nvvidconv's default is nearest neighbour; 1 is bilinear. It cuts out and turns, too: the network gets what it is to see.
        string scaled = networkSize is { } size
            ? $"nvvidconv interpolation-method=1{Cut(camera)}{Turned(camera)} ! {Caps("video/x-raw", size.Width, size.Height, null, "BGRx")}"
            : $"nvvidconv ! {Caps("video/x-raw", null, null, null, "BGRx")}";
        if (!camera.FullPicture || networkSize is null)
            return text.Append($" ! {Leaky} ! {scaled} ! appsink name=picture {LiveSink}").ToString();
        return text.Append($" ! tee name=both both. ! {Leaky} ! {scaled} ! appsink name=picture {LiveSink}")
            .Append($" both. ! {Leaky} ! nvvidconv ! {Caps("video/x-raw", null, null, null, "NV12")} ! appsink name=full {LiveSink}")
            .ToString();
    }

    // The corners of what stays, not the widths of what goes.
    private static string Cut(CameraOptions camera) => camera.RegionOfInterest is { } region
        ? Invariant($" left={region.X} right={region.Right} top={region.Y} bottom={region.Bottom}")
        : "";

    // nvvidconv's flip-method: 1 is a quarter turn counterclockwise, 2 a half turn, 3 a quarter turn clockwise.
    private static string Turned(CameraOptions camera) => camera.Rotation switch
    {
        90 => " flip-method=3",
        180 => " flip-method=2",
        270 => " flip-method=1",
        _ => "",
    };

    private static string UsbCaps(CameraOptions camera)
    {
        // Raw pictures where the camera offers them at this size and rate, else its MJPEG.
        string raw = Caps("video/x-raw", camera.Width, camera.Height, camera.Fps, null);
        string jpeg = Caps("image/jpeg", camera.Width, camera.Height, camera.Fps, null);
        return $"capsfilter caps={Quote($"{raw}; {jpeg}")}";
    }

    /// <summary>Links to the decoder's picture and never to its sound.</summary>
    private static string Decoded(bool jetson) => jetson ? "video/x-raw(ANY)" : "video/x-raw";

    private static string Converted(CameraOptions camera, bool sized, bool jetson)
    {
        int? width = sized ? camera.Width : null;
        int? height = sized ? camera.Height : null;
        if (jetson)
            return $"nvvidconv interpolation-method=1 ! {Caps("video/x-raw", width, height, null, "BGRx")}";
        string convert = width is null ? "videoconvert" : "videoconvert ! videoscale method=bilinear";
        return $"{convert} ! {Caps("video/x-raw", width, height, null, Formats)}";
    }

    private static string Caps(string media, int? width, int? height, double? fps, string? format)
    {
        var caps = new StringBuilder(media);
        if (format is not null)
            caps.Append($",format={format}");
        if (width is { } w)
            caps.Append(Invariant($",width={w}"));
        if (height is { } h)
            caps.Append(Invariant($",height={h}"));
        if (fps is { } rate)
            caps.Append($",framerate={Fraction(rate)}");
        return caps.ToString();
    }

    /// <summary>A rate as the fraction GStreamer wants: whole numbers over 1, NTSC's rates over 1001, others over 1000.</summary>
    internal static string Fraction(double rate)
    {
        double ntsc = Math.Round(rate) * 1000 / 1001;
        if (Math.Abs(rate - Math.Round(rate)) < 1e-6)
            return Invariant($"{Math.Round(rate)}/1");
        return Math.Abs(rate - ntsc) < 0.005 ? Invariant($"{Math.Round(rate) * 1000}/1001") : Invariant($"{Math.Round(rate * 1000)}/1000");
    }

    /// <summary>Argus' exposure range in ns: from and to the wanted time.</summary>
    internal static string ExposureRange(double milliseconds) => Invariant($"{Math.Round(milliseconds * 1e6)} {Math.Round(milliseconds * 1e6)}");

    /// <summary>Argus' range of analogue gain.</summary>
    internal static string GainRange(double gain) => Invariant($"{gain} {gain}");

    /// <summary>V4L2's controls as a GStreamer structure: exposure in 100 us, with the automatic off (1: manual).</summary>
    internal static string ControlsStructure(CameraControls controls)
    {
        var text = new StringBuilder("c");
        if (controls.ExposureMs is { } exposure)
            text.Append(Invariant($",auto_exposure=1,exposure_time_absolute={Math.Max(1, Math.Round(exposure * 10))}"));
        if (controls.Gain is { } gain)
            text.Append(Invariant($",gain={Math.Round(gain)}"));
        return text.ToString();
    }

    private static string ExtraControls(CameraControls? controls) =>
        controls is { ExposureMs: not null } or { Gain: not null } ? $" extra-controls={Quote(ControlsStructure(controls))}" : "";

    private static string Invariant(FormattableString text) => text.ToString(CultureInfo.InvariantCulture);
}
