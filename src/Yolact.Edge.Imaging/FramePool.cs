using System.Collections.Concurrent;

namespace Yolact.Edge.Imaging;

/// <summary>
/// Keeps frames' memory for the next picture, so that a camera running for years allocates nothing. Safe for use from several
/// threads. Buffers are pinned: native sources may write into them.
/// </summary>
public sealed class FramePool
{
    private readonly ConcurrentBag<Frame> _free = [];
    private readonly int _keep;
    private int _kept;

    /// <summary>A pool.</summary>
    /// <param name="keep">How many idle frames to keep at most; more are left to the collector.</param>
    public FramePool(int keep = 16)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(keep);
        _keep = keep;
    }

    /// <summary>A frame of the given layout with one reference and undefined pixels.</summary>
    /// <param name="layout">Size, format and strides.</param>
    public Frame Rent(FrameLayout layout)
    {
        if (_free.TryTake(out Frame? frame))
            Interlocked.Decrement(ref _kept);
        else
            frame = new Frame(this);
        frame.Rent(layout);
        return frame;
    }

    internal void Return(Frame frame)
    {
        if (Interlocked.Increment(ref _kept) <= _keep)
            _free.Add(frame);
        else
            Interlocked.Decrement(ref _kept);
    }
}
