using System.Collections.Concurrent;
using System.Threading.Channels;

namespace Yolact.Edge.Messaging.Sessions;

/// <summary>
/// What waits for the broker, but promised messages: state (only the latest a topic, sent again after each reconnection), and live
/// messages, of which the oldest makes room and is counted. Filled by any thread, emptied by one.
/// </summary>
internal sealed class OutgoingQueues
{
    private readonly ConcurrentDictionary<string, StateWriter> _state = new(StringComparer.Ordinal);
    private readonly ConcurrentQueue<string> _dirty = new();
    private readonly Channel<OutgoingMessage> _live;
    private readonly Channel<bool> _filled =
        Channel.CreateBounded<bool>(new BoundedChannelOptions(1) { FullMode = BoundedChannelFullMode.DropWrite, SingleReader = true });
    private long _droppedLive;

    public OutgoingQueues(int live)
    {
        _live = Channel.CreateBounded(
            new BoundedChannelOptions(live) { FullMode = BoundedChannelFullMode.DropOldest, SingleReader = true },
            (OutgoingMessage dropped) =>
            {
                dropped.Payload.Dispose();
                Interlocked.Increment(ref _droppedLive);
            });
    }

    public long DroppedLive => Interlocked.Read(ref _droppedLive);

    public int Live => _live.Reader.Count;

    public void Add(in OutgoingMessage message)
    {
        _live.Writer.TryWrite(message);
        Wake();
    }

    public void SetState(string topic, StateWriter write)
    {
        _state[topic] = write;
        _dirty.Enqueue(topic);
        Wake();
    }

    /// <summary>Marks every state as to be sent: the broker may be another one than before.</summary>
    public void RenewState()
    {
        _dirty.Clear();
        foreach (string topic in _state.Keys)
            _dirty.Enqueue(topic);
    }

    public bool TryTakeState(out string topic, out StateWriter write)
    {
        write = null!;
        return _dirty.TryDequeue(out topic!) && _state.TryGetValue(topic, out write!);
    }

    public bool TryTakeLive(out OutgoingMessage message) => _live.Reader.TryRead(out message);

    /// <summary>Waits until something was handed in since the last wait.</summary>
    public async Task WaitAsync(CancellationToken cancellation) => await _filled.Reader.ReadAsync(cancellation);

    /// <summary>Throws live messages away: after a while without a broker nobody wants them.</summary>
    public void DropLive()
    {
        while (_live.Reader.TryRead(out OutgoingMessage message))
        {
            message.Payload.Dispose();
            Interlocked.Increment(ref _droppedLive);
        }
    }

    /// <summary>Ends a wait.</summary>
    public void Wake() => _filled.Writer.TryWrite(true);
}
