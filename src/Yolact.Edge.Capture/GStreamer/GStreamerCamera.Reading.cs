using System.Runtime.InteropServices;
using Yolact.Edge.Capture.Cameras;
using static Yolact.Edge.Capture.GStreamer.GStreamerNative;

namespace Yolact.Edge.Capture.GStreamer;

/// <summary>Reading: the thread that takes samples from the pipeline and makes frames of them.</summary>
public sealed unsafe partial class GStreamerCamera
{
    private void Run()
    {
        var reader = new SampleReader(_pool);
        var fullReader = new SampleReader(_pool);
        try
        {
            while (!_stop.IsSet)
            {
                void* sample = TryPullSample(_sink, PollNanoseconds);
                if (sample is not null)
                {
                    try
                    {
                        Deliver(sample, reader, fullReader);
                    }
                    finally
                    {
                        MiniObjectUnref(sample);
                    }
                }
                else if (BusError() is { } error)
                {
                    Change(CameraState.Failed, error);
                    return;
                }
                else if (IsEndOfStream(_sink) != 0 && !Rewind())
                {
                    return;
                }
            }
        }
        catch (CameraException error)
        {
            Change(CameraState.Failed, error.Message);
        }
        finally
        {
            if (_pendingFull is not null)
                MiniObjectUnref(_pendingFull);
            _pendingFull = null;
        }
    }

    private void Deliver(void* sample, SampleReader reader, SampleReader fullReader)
    {
        Frame frame = reader.Read(sample);
        ulong pts = SampleGetBuffer(sample)->Pts;
        (long Sequence, long? SensorTime)? known = pts == NoTime ? null : _ledger.Find(pts);
        _counted = Math.Max(_counted + 1, known?.Sequence ?? 0);
        frame.Sequence = _counted;
        ulong running = pts == NoTime ? NoTime : SegmentToRunningTime(SampleGetSegment(sample), FormatTime, pts);
        frame.Time = _time.Of(running, ElementGetBaseTime(_pipeline), known?.SensorTime);
        Frame? full = _fullSink == 0 ? null : ReadFull(pts, fullReader);
        if (full is not null)
            (full.Sequence, full.Time) = (frame.Sequence, frame.Time);
        if (State != CameraState.Running)
            Change(CameraState.Running, "");
        if (_options.Kind == CameraKind.File && _options.Fps is { } fps)
            _stop.Wait(_time.UntilNext(fps));
        (int, int)? sourceSize = SourceSize(full);
        if (_fullSink != 0 && sourceSize is null)
            frame.Dispose(); // the first full picture has yet to tell what size boxes are in
        else
            _onFrame!(new(frame, full, sourceSize));
    }

    /// <summary>The size that a picture made for the network was scaled from: the full picture's, also where that one was dropped.</summary>
    private (int Width, int Height)? SourceSize(Frame? full)
    {
        if (full is not null)
            _sourceSize = (full.Width, full.Height);
        else if (_scales)
            _sourceSize ??= SizeAt(_probedPad);
        return _sourceSize;
    }

    private static (int Width, int Height)? SizeAt(nint pad)
    {
        nint caps = PadGetCurrentCaps(pad);
        if (caps == 0)
            return null;
        VideoInfo info;
        bool known = VideoInfoFromCaps(&info, caps) != 0;
        MiniObjectUnref((void*)caps);
        return known ? (info.Width, info.Height) : null;
    }

    /// <summary>The full picture of the same exposure: both branches carry the same presentation time.</summary>
    private Frame? ReadFull(ulong pts, SampleReader fullReader)
    {
        while (!_stop.IsSet)
        {
            void* sample = _pendingFull is not null ? _pendingFull : TryPullSample(_fullSink, FullPictureWait);
            _pendingFull = null;
            if (sample is null)
                return null;
            ulong fullPts = SampleGetBuffer(sample)->Pts;
            if (fullPts > pts)
            {
                _pendingFull = sample;
                return null;
            }
            try
            {
                if (fullPts == pts)
                    return fullReader.Read(sample);
            }
            finally
            {
                MiniObjectUnref(sample);
            }
        }
        return null;
    }

    private bool Rewind()
    {
        if (_options.Loop && _counted >= 0 && ElementSeekSimple(_pipeline, FormatTime, SeekFlush, 0) != 0)
        {
            _time.Rewound();
            return true;
        }
        if (_counted < 0)
            Change(CameraState.Failed, "the source ended without a picture");
        else if (_options.Kind is CameraKind.Csi or CameraKind.Usb or CameraKind.Rtsp)
            Change(CameraState.Failed, "the camera ended its stream"); // restarted, most likely: not an end that one accepts
        else
            Change(CameraState.Ended, "");
        return false;
    }

    private string? BusError()
    {
        Message* message = BusTimedPopFiltered(_bus, 0, MessageError);
        if (message is null)
            return null;
        MessageParseError(message, out Error* error, out byte* debug);
        string text = GStreamerLibrary.Text(error);
        if (Marshal.PtrToStringUTF8((nint)debug) is { Length: > 0 } details)
            text += $" ({details.ReplaceLineEndings(" ")})";
        Free(debug);
        MiniObjectUnref(message);
        return text;
    }
}
