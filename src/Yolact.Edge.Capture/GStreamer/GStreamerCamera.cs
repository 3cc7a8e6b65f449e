using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using Yolact.Edge.Capture.Cameras;
using static Yolact.Edge.Capture.GStreamer.GStreamerNative;

namespace Yolact.Edge.Capture.GStreamer;

/// <summary>A camera over a GStreamer pipeline: CSI, USB, RTSP, video file, or a pipeline of one's own.</summary>
public sealed unsafe partial class GStreamerCamera : ICamera
{
    private const ulong Millisecond = 1_000_000;
    private const ulong PollNanoseconds = 100 * Millisecond;
    private const ulong FullPictureWait = 50 * Millisecond;

    private readonly CameraOptions _options;
    private readonly string _description;
    private readonly FramePool _pool;
    private readonly TimeProvider _clock;
    private readonly FrameLedger _ledger = new();
    private readonly bool _scales;
    private readonly PictureTime _time;
    private readonly Lock _lock = new();
    private readonly ManualResetEventSlim _stop = new();
    private GCHandle _self;
    private nint _pipeline;
    private nint _sink;
    private nint _fullSink;
    private nint _source;
    private nint _bus;
    private nint _probedPad;
    private ulong _probe;
    private Thread? _reader;
    private Action<CameraFrame>? _onFrame;
    private void* _pendingFull;
    private long _counted = -1;
    private (int Width, int Height)? _sourceSize;
    private bool _started;

    /// <summary>A camera; nothing is opened yet.</summary>
    /// <param name="options">Valid options of a kind that GStreamer serves.</param>
    /// <param name="pool">Where frames come from.</param>
    /// <param name="networkSize">Width and height in px that hardware is to scale pictures to (CSI); null: no scaling.</param>
    /// <param name="clock">The system's; a fake one is of no use, since GStreamer keeps real time.</param>
    public GStreamerCamera(CameraOptions options, FramePool pool, (int Width, int Height)? networkSize = null, TimeProvider? clock = null)
    {
        ArgumentNullException.ThrowIfNull(options);
        ArgumentNullException.ThrowIfNull(pool);
        _options = options;
        _pool = pool;
        _clock = clock ?? TimeProvider.System;
        _scales = options.Kind == CameraKind.Csi && networkSize is not null;
        _description = PipelineDescription.Of(options, networkSize, options.Kind != CameraKind.Csi && GStreamerLibrary.Has("nvvidconv"));
        _time = new(options, _clock);
    }

    /// <inheritdoc/>
    public event Action<CameraStateChange>? StateChanged;

    /// <inheritdoc/>
    public string Name => _options.Name;

    /// <inheritdoc/>
    public CameraState State { get; private set; }

    /// <inheritdoc/>
    public CameraTiming Timing => _time.Timing;

    /// <inheritdoc/>
    public Task StartAsync(Action<CameraFrame> onFrame, CancellationToken cancellation = default)
    {
        ArgumentNullException.ThrowIfNull(onFrame);
        lock (_lock)
        {
            if (_started)
                throw new InvalidOperationException($"camera {Name} was started before");
            _started = true;
        }
        _onFrame = onFrame;
        Change(CameraState.Starting, "");
        // Changing a pipeline's state may take seconds (sensors, network): never on the caller's thread.
        return Task.Run(Open, cancellation);
    }

    /// <inheritdoc/>
    public Task StopAsync() => Task.Run(Close);

    /// <inheritdoc/>
    public CameraControls Apply(CameraControls wanted)
    {
        ArgumentNullException.ThrowIfNull(wanted);
        lock (_lock)
        {
            if (_source == 0 || wanted == CameraControls.None)
                return CameraControls.None;
            if (_options.Kind == CameraKind.Usb)
            {
                SetObjectArgument(_source, "extra-controls", PipelineDescription.ControlsStructure(wanted));
                return wanted;
            }
            if (_options.Kind != CameraKind.Csi)
                return CameraControls.None;
            if (wanted.ExposureMs is { } exposure)
                SetObjectArgument(_source, "exposuretimerange", PipelineDescription.ExposureRange(exposure));
            if (wanted.Gain is { } gain)
                SetObjectArgument(_source, "gainrange", PipelineDescription.GainRange(gain));
            return wanted;
        }
    }

    /// <inheritdoc/>
    public ValueTask DisposeAsync() => new(Task.Run(() =>
    {
        Close();
        _stop.Dispose();
    }));

    private void Open()
    {
        lock (_lock)
        {
            try
            {
                GStreamerLibrary.Load();
                Look();
                Build();
                if (ElementSetState(_pipeline, StatePlaying) == StateChangeFailure)
                    throw new CameraException($"Camera {Name} does not start: {BusError() ?? "GStreamer gives no reason"}. Pipeline: {_description}");
            }
            catch
            {
                Release();
                Change(CameraState.Failed, "");
                throw;
            }
            _reader = new(Run) { IsBackground = true, Name = $"camera {Name}" };
            _reader.Start();
        }
    }

    /// <summary>What can be found missing without GStreamer is said better by ourselves.</summary>
    private void Look()
    {
        if (_options.Kind == CameraKind.Usb && !File.Exists(_options.Source))
            throw new CameraException($"Camera {Name}: there is no device {_options.Source}; is the camera plugged in? (v4l2-ctl --list-devices)");
        if (_options.Kind == CameraKind.File && !File.Exists(_options.Source))
            throw new CameraException($"Camera {Name}: there is no video file {_options.Source}.") { IsPermanent = true };
    }

    private void Build()
    {
        _pipeline = ParseLaunch(_description, out Error* error);
        if (error is not null)
            throw Unbuildable(GStreamerLibrary.Text(error));
        _bus = ElementGetBus(_pipeline);
        nint clock = SystemClockObtain();
        PipelineUseClock(_pipeline, clock);
        ObjectUnref(clock);
        _source = BinGetByName(_pipeline, "source");
        _fullSink = BinGetByName(_pipeline, "full");
        _sink = BinGetByName(_pipeline, "picture");
        if (_sink == 0)
            throw new CameraException($"Camera {Name}: the pipeline has no appsink name=picture.") { IsPermanent = true };
        nint taken = BinGetByName(_pipeline, "taken");
        if (taken == 0)
            return;
        _self = GCHandle.Alloc(this);
        _probedPad = ElementGetStaticPad(taken, "src");
        _probe = PadAddProbe(_probedPad, ProbeBuffer, &OnTaken, GCHandle.ToIntPtr(_self), 0);
        ObjectUnref(taken);
    }

    private CameraException Unbuildable(string reason)
    {
        // GStreamer's words: no element "x".
        string[] parts = reason.Split('"');
        string? package = parts.Length > 1 ? GStreamerLibrary.PackageOf(parts[1]) : null;
        string advice = package is null ? $"Pipeline: {_description}" : $"Install the package {package}.";
        return new CameraException($"Camera {Name}: GStreamer cannot build the pipeline: {reason}. {advice}") { IsPermanent = true };
    }

    [UnmanagedCallersOnly]
    private static int OnTaken(nint pad, PadProbeInfo* info, nint data)
    {
        if (GCHandle.FromIntPtr(data).Target is GStreamerCamera camera && info->Data is not null)
        {
            GStreamerNative.Buffer* buffer = info->Data;
            long? number = camera._options.Kind == CameraKind.Usb && buffer->Offset <= long.MaxValue ? (long)buffer->Offset : null;
            long? sensorTime = null;
            if (camera._options.Kind == CameraKind.Csi && MiniObjectGetQData(buffer, ArgusQuark.Value) is not null and var attached)
            {
                ref readonly ArgusMetadata argus = ref Unsafe.AsRef<ArgusMetadata>(attached);
                (number, sensorTime) = (argus.FrameNumber, argus.Timestamp);
            }
            camera._ledger.Taken(buffer->Pts, number, sensorTime);
        }
        return ProbeOk;
    }

    private static readonly Lazy<uint> ArgusQuark = new(() => QuarkFromString(ArgusMetadata.Quark));

    private void Close()
    {
        _stop.Set();
        // A handler may stop its own camera only from elsewhere: the reader cannot wait for itself.
        _reader?.Join();
        lock (_lock)
        {
            if (_pipeline == 0)
                return;
            Release();
            if (State is not (CameraState.Ended or CameraState.Failed))
                Change(CameraState.Stopped, "");
        }
    }

    private void Release()
    {
        if (_pipeline != 0)
            _ = ElementSetState(_pipeline, StateNull);
        if (_probedPad != 0)
        {
            PadRemoveProbe(_probedPad, _probe);
            _self.Free();
        }
        foreach (nint held in new[] { _probedPad, _source, _sink, _fullSink, _bus, _pipeline })
        {
            if (held != 0)
                ObjectUnref(held);
        }
        _probedPad = _source = _sink = _fullSink = _bus = _pipeline = 0;
    }

    private void Change(CameraState state, string reason)
    {
        State = state;
        StateChanged?.Invoke(new(MonotonicTime.Now(_clock), state, reason));
    }
}
