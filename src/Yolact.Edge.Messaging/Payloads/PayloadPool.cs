using System.Collections.Concurrent;

namespace Yolact.Edge.Messaging.Payloads;

/// <summary>Keeps messages' memory for the next one. Safe for use from several threads.</summary>
public sealed class PayloadPool
{
    // A buffer that one huge message blew up is let go, so that it does not stay for years.
    private const int LargestKept = 4 << 20;

    private readonly ConcurrentBag<PayloadBuffer> _free = [];
    private readonly int _keep;
    private int _kept;

    /// <summary>A pool.</summary>
    /// <param name="keep">How many idle buffers to keep at most.</param>
    public PayloadPool(int keep = 64)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(keep);
        _keep = keep;
    }

    /// <summary>An empty buffer.</summary>
    public PayloadBuffer Rent()
    {
        if (!_free.TryTake(out PayloadBuffer? buffer))
            return new PayloadBuffer(this);
        Interlocked.Decrement(ref _kept);
        return buffer.Rent();
    }

    internal void Return(PayloadBuffer buffer)
    {
        if (buffer.Capacity <= LargestKept && Interlocked.Increment(ref _kept) <= _keep)
            _free.Add(buffer);
        else if (buffer.Capacity <= LargestKept)
            Interlocked.Decrement(ref _kept);
    }
}
