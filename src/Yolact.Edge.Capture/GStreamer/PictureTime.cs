using Yolact.Edge.Capture.Cameras;
using static Yolact.Edge.Capture.GStreamer.GStreamerNative;

namespace Yolact.Edge.Capture.GStreamer;

/// <summary>What GStreamer's times mean for each kind of source, as a frame's time on CLOCK_MONOTONIC. For one thread.</summary>
internal sealed class PictureTime
{
    /// <summary>Sensor times are stamped by the capture hardware; the TSC's offset is published to the microsecond.</summary>
    private static readonly TimeSpan SensorUncertainty = TimeSpan.FromMicroseconds(50);

    /// <summary>The driver stamps in its interrupt handler.</summary>
    private static readonly TimeSpan DriverUncertainty = TimeSpan.FromMilliseconds(1);

    /// <summary>UVC's clock recovery from the device's counter, over USB's 1 ms frames.</summary>
    private static readonly TimeSpan UvcUncertainty = TimeSpan.FromMilliseconds(5);

    /// <summary>Encoder, network and jitter buffer, or a driver's queue: unknown, assumed.</summary>
    private static readonly TimeSpan ArrivalUncertainty = TimeSpan.FromMilliseconds(50);

    private readonly CameraOptions _options;
    private readonly TimeProvider _clock;
    private readonly TimeSpan? _exposure;
    private readonly ArgusClock? _argus;
    private MonotonicTime? _start;
    private ulong _rewound;
    private ulong _last;
    private long _paced;

    public PictureTime(CameraOptions options, TimeProvider clock, ArgusClock? argus = null, string sysfs = "/sys")
    {
        _options = options;
        _clock = clock;
        _exposure = options.Controls?.ExposureMs is { } ms ? TimeSpan.FromMilliseconds(ms) : null;
        _argus = options.Kind == CameraKind.Csi ? argus ?? ArgusClock.OfMachine() : null;
        Timing = options.Kind switch
        {
            CameraKind.Csi => new(FrameTimeMeaning.ReadoutStart, SensorUncertainty,
                "Argus sensor time (start of frame), converted from the TSC; arrival where a frame has none"),
            CameraKind.Usb when IsUvc(options.Source, sysfs) => new(FrameTimeMeaning.ExposureStart, UvcUncertainty, "UVC driver, start of exposure"),
            CameraKind.Usb => new(FrameTimeMeaning.ReadoutEnd, DriverUncertainty, "V4L2 driver, end of frame"),
            CameraKind.File => new(FrameTimeMeaning.ExposureStart, TimeSpan.Zero, "the file's presentation times, counted from the first frame"),
            CameraKind.Rtsp => new(FrameTimeMeaning.Arrival, ArrivalUncertainty, "arrival of the RTP packets"),
            _ => new(FrameTimeMeaning.Arrival, ArrivalUncertainty, "arrival in this process"),
        };
    }

    public CameraTiming Timing { get; }

    /// <summary>A picture's time.</summary>
    /// <param name="running">The pipeline's running time of the picture in ns; <see cref="NoTime"/> where it has none.</param>
    /// <param name="baseTime">The pipeline's base time on CLOCK_MONOTONIC in ns.</param>
    /// <param name="sensorTime">Argus' time in ns; null for none.</param>
    public FrameTime Of(ulong running, ulong baseTime, long? sensorTime)
    {
        MonotonicTime now = MonotonicTime.Now(_clock);
        // A picture of the future would be kept for edges that cannot come: never later than now.
        MonotonicTime stamped = running == NoTime ? now : new(Math.Min(now.Nanoseconds, (long)(baseTime + running)));
        switch (_options.Kind)
        {
            case CameraKind.Csi when sensorTime is { } sensor && _argus!.Convert(sensor, now.Nanoseconds, ArgusClock.RawNow()) is { } taken:
                return new(taken, FrameTimeMeaning.ReadoutStart, SensorUncertainty, _exposure);
            case CameraKind.Usb when running != NoTime:
                return new(stamped, Timing.Meaning, Timing.Uncertainty, _exposure);
            case CameraKind.File when running != NoTime:
                _last = running;
                _start ??= now;
                return new(new(_start.Value.Nanoseconds + (long)(_rewound + running)), FrameTimeMeaning.ExposureStart, TimeSpan.Zero);
            case CameraKind.Rtsp:
                return new(stamped, FrameTimeMeaning.Arrival, ArrivalUncertainty);
            default:
                return new(now, FrameTimeMeaning.Arrival, ArrivalUncertainty);
        }
    }

    /// <summary>The file begins anew: its times go on where they ended.</summary>
    public void Rewound() => _rewound += _last + 1;

    /// <summary>How long to wait before the next picture at a rate.</summary>
    /// <param name="fps">Pictures a second.</param>
    public TimeSpan UntilNext(double fps)
    {
        _start ??= MonotonicTime.Now(_clock);
        TimeSpan wait = _start.Value + TimeSpan.FromSeconds(_paced++ / fps) - MonotonicTime.Now(_clock);
        return wait > TimeSpan.Zero ? wait : TimeSpan.Zero;
    }

    private static bool IsUvc(string? device, string sysfs)
    {
        string driver = Path.Combine(sysfs, "class/video4linux", Path.GetFileName(device ?? ""), "device/driver");
        try
        {
            return Path.GetFileName(new DirectoryInfo(driver).ResolveLinkTarget(returnFinalTarget: true)?.FullName) == "uvcvideo";
        }
        catch (IOException)
        {
            return false;
        }
    }
}
