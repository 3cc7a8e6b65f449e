namespace Yolact.Edge.Capture.GStreamer;

/// <summary>
/// Counts the pictures that a source takes, before any is dropped, and notes for each what only the source's own buffer knows. The reader
/// finds a picture again by its presentation time, which converters and queues leave as it is. Safe for use from two threads.
/// </summary>
internal sealed class FrameLedger
{
    private const int Capacity = 64;
    private readonly Lock _lock = new();
    private readonly (ulong Pts, long Sequence, long? SensorTime)[] _entries = new (ulong, long, long?)[Capacity];
    private long _count;

    /// <summary>A picture was taken.</summary>
    /// <param name="pts">Presentation time in ns.</param>
    /// <param name="number">The source's own number of it; null to count here.</param>
    /// <param name="sensorTime">The sensor's time in ns of its own clock; null where unknown.</param>
    public void Taken(ulong pts, long? number, long? sensorTime)
    {
        lock (_lock)
        {
            long previous = _count == 0 ? -1 : _entries[(_count - 1) % Capacity].Sequence;
            // A source's numbers are taken over only while they rise.
            long sequence = number > previous ? number.Value : previous + 1;
            _entries[_count++ % Capacity] = (pts, sequence, sensorTime);
        }
    }

    /// <summary>What is known of the picture with this presentation time.</summary>
    /// <param name="pts">Presentation time in ns.</param>
    /// <returns>Null where it was never noted, or too long ago.</returns>
    public (long Sequence, long? SensorTime)? Find(ulong pts)
    {
        lock (_lock)
        {
            for (long i = _count - 1; i >= Math.Max(0, _count - Capacity); i--)
            {
                if (_entries[i % Capacity].Pts == pts)
                    return (_entries[i % Capacity].Sequence, _entries[i % Capacity].SensorTime);
            }
            return null;
        }
    }
}
