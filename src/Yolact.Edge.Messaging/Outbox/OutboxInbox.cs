using Yolact.Edge.Messaging.Sessions;

namespace Yolact.Edge.Messaging.Outbox;

/// <summary>Where messages wait for the writing thread. Many givers, one taker.</summary>
internal sealed class OutboxInbox
{
    private readonly object _gate = new();
    private List<Entry> _entries = [];
    private List<Entry> _taken = [];
    private bool _urgent;
    private bool _closed;
    private int _messages;

    /// <summary>What was handed in.</summary>
    /// <param name="Message">The message; null for whoever wants to know when those before it are kept.</param>
    /// <param name="Promised">Is told when that is so; null for none.</param>
    internal readonly record struct Entry(OutgoingMessage? Message, Action? Promised);

    /// <summary>Messages that were handed in and are not <see cref="Done"/>.</summary>
    public int Count => Volatile.Read(ref _messages);

    /// <summary>Hands in; an entry that somebody is to be told of is urgent.</summary>
    /// <returns>False where it is closed: the message is let go then, and whoever waits for it told at once.</returns>
    public bool Add(OutgoingMessage? message, Action? promised)
    {
        lock (_gate)
        {
            if (!_closed)
            {
                _entries.Add(new Entry(message, promised));
                _urgent |= promised is not null;
                if (message is not null)
                    Interlocked.Increment(ref _messages);
                Monitor.Pulse(_gate);
                return true;
            }
        }
        message?.Payload.Dispose();
        if (message is not null)
            promised?.Invoke();
        return false;
    }

    /// <summary>Waits for entries and takes all of them.</summary>
    /// <param name="gathering">How long entries that are not urgent wait for company.</param>
    /// <param name="idle">How long to wait for any.</param>
    /// <param name="take">Receives each, in order.</param>
    /// <returns>False once it is closed: nothing will come after these.</returns>
    public bool Take(TimeSpan gathering, TimeSpan idle, Action<Entry> take)
    {
        bool open;
        lock (_gate)
        {
            if (_entries.Count == 0 && !_closed)
                Monitor.Wait(_gate, idle);
            long first = Environment.TickCount64;
            while (_entries.Count > 0 && !_urgent && !_closed && gathering.TotalMilliseconds - (Environment.TickCount64 - first) is > 0 and var left)
                Monitor.Wait(_gate, TimeSpan.FromMilliseconds(left));
            (_entries, _taken, _urgent, open) = (_taken, _entries, false, !_closed);
        }
        foreach (Entry entry in _taken)
            take(entry);
        _taken.Clear();
        return open;
    }

    /// <summary>Messages that were taken are where they shall be.</summary>
    public void Done(int messages) => Interlocked.Add(ref _messages, -messages);

    /// <summary>Takes nothing more.</summary>
    /// <returns>False where it was closed before.</returns>
    public bool Close()
    {
        lock (_gate)
        {
            if (_closed)
                return false;
            _closed = true;
            Monitor.Pulse(_gate);
            return true;
        }
    }
}
