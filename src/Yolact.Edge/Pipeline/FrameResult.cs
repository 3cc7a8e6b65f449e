using Yolact.Edge.Capture.Triggers;
using Yolact.Edge.Imaging;
using Yolact.Edge.Messaging.Payloads.Detections;
using Yolact.Edge.Vision;

namespace Yolact.Edge.Pipeline;

/// <summary>What the network saw in a frame. Valid during the call that receives it; the frame and list are the pipeline's.</summary>
/// <param name="Captured">The frame, and the edge it answers.</param>
/// <param name="Picture">The picture that boxes and masks refer to.</param>
/// <param name="Detections">What was found, best first.</param>
/// <param name="Stages">Time spent so far; rules and total are zero yet.</param>
/// <param name="Recipe">What the frame was processed by.</param>
public readonly record struct FrameResult(CapturedFrame Captured, Frame Picture, DetectionList Detections, StageTimes Stages, Recipe Recipe);
