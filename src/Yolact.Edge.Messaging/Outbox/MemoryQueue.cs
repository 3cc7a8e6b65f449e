using Yolact.Edge.Messaging.Payloads;

namespace Yolact.Edge.Messaging.Outbox;

/// <summary>Promised messages while there is no disk for them: the oldest make room. Not safe for use from several threads.</summary>
/// <param name="capacity">Messages that it holds at most.</param>
internal sealed class MemoryQueue(int capacity)
{
    private readonly LinkedList<Promise> _messages = [];

    public int Count => _messages.Count;

    /// <summary>Takes a message over.</summary>
    /// <returns>Messages that had to make room: 0 or 1.</returns>
    public int Add(in Promise promise)
    {
        _messages.AddLast(promise);
        if (_messages.Count <= capacity)
            return 0;
        RemoveFirst();
        return 1;
    }

    /// <summary>Copies the first message after a sequence.</summary>
    public bool TryRead(long after, PayloadPool pool, out Promise promise)
    {
        foreach (Promise held in _messages)
        {
            if (held.Sequence <= after)
                continue;
            PayloadBuffer copy = pool.Rent();
            held.Message.Payload.WrittenSpan.CopyTo(copy.GetSpan(held.Message.Payload.Length));
            copy.Advance(held.Message.Payload.Length);
            promise = held with { Message = held.Message with { Payload = copy } };
            return true;
        }
        promise = default;
        return false;
    }

    public void RemoveThrough(long sequence)
    {
        while (_messages.First is { } first && first.Value.Sequence <= sequence)
            RemoveFirst();
    }

    public Promise[] ToArray() => [.. _messages];

    private void RemoveFirst()
    {
        _messages.First!.Value.Message.Payload.Dispose();
        _messages.RemoveFirst();
    }
}
