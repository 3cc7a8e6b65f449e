namespace Yolact.Edge.Capture.Triggers;

/// <summary>What matching needs of a frame.</summary>
/// <param name="Sequence">The source's number of the frame.</param>
/// <param name="Time">When it was taken, and what that means.</param>
public readonly record struct FrameStamp(long Sequence, FrameTime Time);
