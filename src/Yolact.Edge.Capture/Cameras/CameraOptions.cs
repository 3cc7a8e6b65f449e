using Yolact.Edge.Capture.Triggers;

namespace Yolact.Edge.Capture.Cameras;

/// <summary>Where a camera's pictures come from.</summary>
public enum CameraKind
{
    /// <summary>The simulated belt.</summary>
    Belt,

    /// <summary>Pictures of a folder, in the order of their names.</summary>
    Folder,

    /// <summary>A recording made by this program: frames with their times and edges.</summary>
    Recording,

    /// <summary>A CSI sensor on a Jetson (<c>nvarguscamerasrc</c>).</summary>
    Csi,

    /// <summary>A USB or other V4L2 camera (<c>v4l2src</c>).</summary>
    Usb,

    /// <summary>A network camera (<c>rtspsrc</c>).</summary>
    Rtsp,

    /// <summary>A video file.</summary>
    File,

    /// <summary>A GStreamer pipeline of one's own.</summary>
    Custom,
}

/// <summary>One camera: where its pictures come from, their size and rate, and what becomes of them before the network.</summary>
public sealed record CameraOptions
{
    /// <summary>Name in topics and messages: 1 to 64 lower-case letters, digits, '_' or '-'. Default <c>cam0</c>.</summary>
    public string Name { get; init; } = "cam0";

    /// <summary>False: configured but not used. Default true.</summary>
    public bool Active { get; init; } = true;

    /// <summary>Where pictures come from. Default the belt.</summary>
    public CameraKind Kind { get; init; } = CameraKind.Belt;

    /// <summary>
    /// Folder, recording or video file (kinds <c>folder</c>, <c>recording</c>, <c>file</c>), device node such as <c>/dev/video0</c>
    /// (kind <c>usb</c>), or address such as <c>rtsp://host/stream</c> (kind <c>rtsp</c>).
    /// </summary>
    public string? Source { get; init; }

    /// <summary>Kind <c>csi</c>: the sensor's number, 0..15. Default 0.</summary>
    public int SensorId { get; init; }

    /// <summary>Kind <c>csi</c>: the sensor mode's number, 0..63; null lets Argus choose.</summary>
    public int? SensorMode { get; init; }

    /// <summary>
    /// Kind <c>custom</c>: a GStreamer pipeline that ends in <c>appsink name=picture</c>. It may hold a second <c>appsink name=full</c> for the
    /// full picture; then <c>picture</c> is what the network sees, already cut out, turned and scaled as <see cref="RegionOfInterest"/> and
    /// <see cref="Rotation"/> say. It runs with this program's rights: it is read from local configuration only.
    /// </summary>
    public string? Pipeline { get; init; }

    /// <summary>Columns that are asked of the source, in px, 16..32768; null takes what it offers.</summary>
    public int? Width { get; init; }

    /// <summary>Rows that are asked of the source, in px, 16..32768; null takes what it offers.</summary>
    public int? Height { get; init; }

    /// <summary>Pictures a second, 0.01..1000. Null: the source's own rate (recording: as recorded; folder and file: as fast as they are
    /// taken).</summary>
    public double? Fps { get; init; }

    /// <summary>Kind <c>csi</c>: deliver the full picture beside the scaled one, for evidence and the live page. Default true.</summary>
    public bool FullPicture { get; init; } = true;

    /// <summary>Kinds <c>folder</c>, <c>recording</c>, <c>file</c>: begin anew at the end. Default false.</summary>
    public bool Loop { get; init; }

    /// <summary>Kind <c>rtsp</c>: jitter buffer in ms, 0..60000. Default 200.</summary>
    public int LatencyMs { get; init; } = 200;

    /// <summary>
    /// Where only a frame's arrival is known: the time from the start of exposure to arrival, in ms, 0..60000, which is taken off before
    /// edges are matched. Default 0.
    /// </summary>
    public double ArrivalLatencyMs { get; init; }

    /// <summary>Exposure and gain; null leaves them to the camera.</summary>
    public CameraControls? Controls { get; init; }

    /// <summary>The part of the picture that is looked at, in source px before rotation; null for all of it.</summary>
    public PixelRect? RegionOfInterest { get; init; }

    /// <summary>Clockwise turn before the network in degrees: 0, 90, 180 or 270. Default 0. Results stay in source px.</summary>
    public int Rotation { get; init; }

    /// <summary>Which moments are pictures taken for. Default: all of them (free-running).</summary>
    public TriggerOptions Trigger { get; init; } = new();

    /// <summary>When a camera counts as stalled, and what is done then.</summary>
    public RecoveryOptions Recovery { get; init; } = new();
}
