using Yolact.Edge.Capture.Triggers;
using Yolact.Edge.Imaging;
using Yolact.Edge.Messaging.Payloads.Detections;
using Yolact.Edge.Vision;

namespace Yolact.Edge.Pipeline;

/// <summary>What the network saw in a frame. Valid during the call that receives it; the frame and list are the pipeline's.</summary>
/// <param name="Captured">The frame, and the edge it answers.</param>
/// <param name="Detections">What was found, best first.</param>
/// <param name="Stages">Time spent so far; rules and total are zero yet.</param>
/// <param name="Recipe">What the frame was processed by.</param>
public readonly record struct FrameResult(CapturedFrame Captured, DetectionList Detections, StageTimes Stages, Recipe Recipe)
{
    /// <summary>The source's number of the frame.</summary>
    public long Sequence => Captured.Frame.Picture.Sequence;

    /// <summary>When it was taken.</summary>
    public FrameTime Time => Captured.Frame.Picture.Time;

    /// <summary>The picture that boxes and masks refer to; null where the camera delivered the network's alone.</summary>
    public Frame? Picture => Captured.Frame.SourcePicture;

    /// <summary>Columns that boxes and masks are in, in px.</summary>
    public int Width => Captured.Frame.SourceWidth;

    /// <summary>Rows that boxes and masks are in, in px.</summary>
    public int Height => Captured.Frame.SourceHeight;

    /// <summary>Where the time of the last stage went.</summary>
    public FinishTimes Finish { get; init; }
}
