using Yolact.Edge.Capture.Triggers;
using Yolact.Edge.Vision;

namespace Yolact.Edge.Pipeline;

/// <summary>One frame on its way through the stages, with the memory it needs; used again for the next one.</summary>
/// <param name="slot">The detector's memory.</param>
internal sealed class FrameJob(DetectorSlot slot) : IDisposable
{
    public DetectorSlot Slot { get; } = slot;

    public CapturedFrame Captured { get; set; }

    /// <summary>Timestamps of the clock, in its ticks.</summary>
    public long Arrived { get; set; }

    public long PrepareStarted { get; set; }

    public long Prepared { get; set; }

    public long InferStarted { get; set; }

    public long Inferred { get; set; }

    public long FinishStarted { get; set; }

    public long Finished { get; set; }

    public void Dispose() => Slot.Dispose();
}
