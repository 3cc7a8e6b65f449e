using Yolact.Edge.Capture.Triggers;
using Yolact.Edge.Vision;

namespace Yolact.Edge.Pipeline;

/// <summary>One frame on its way through the stages; used again for the next one.</summary>
internal sealed class FrameJob
{
    /// <summary>What is made of the frame; used by this job while it holds one.</summary>
    public Recipe Recipe { get; set; } = null!;

    /// <summary>The recipe's memory for this frame.</summary>
    public DetectorSlot? Slot { get; set; }

    public CapturedFrame Captured { get; set; }

    /// <summary>Timestamps of the clock, in its ticks.</summary>
    public long Arrived { get; set; }

    public long PrepareStarted { get; set; }

    public long Prepared { get; set; }

    public long InferStarted { get; set; }

    public long Inferred { get; set; }

    public long FinishStarted { get; set; }

    public long Finished { get; set; }

    /// <summary>Gives back everything that the frame held.</summary>
    public void Release()
    {
        if (Slot is { } slot)
            Recipe.Return(slot);
        Slot = null;
        Captured.Dispose();
        Recipe.Release();
    }
}
