using Microsoft.Extensions.Logging;
using Yolact.Edge.Messaging.Outbox.Disk;
using Yolact.Edge.Messaging.Outbox.Log;
using Yolact.Edge.Messaging.Payloads;
using Yolact.Edge.Messaging.Sessions;

namespace Yolact.Edge.Messaging.Outbox;

/// <summary>
/// Keeps promised messages until the broker has acknowledged them: on the disk, through the end of the process or of the power; in memory
/// where the disk fails, and from there back on it when it works again. Handing in never waits: a thread of its own writes what has
/// gathered, syncs once for all of it, and then tells each giver. Sending takes messages in the order in which they came.
/// </summary>
public sealed partial class MessageOutbox : IDisposable
{
    // Nothing waits for an event's sync, so that several may share one; a frame whose busy line is up does not wait for company.
    private static readonly TimeSpan Gathering = TimeSpan.FromMilliseconds(50);
    private static readonly TimeSpan Idle = TimeSpan.FromSeconds(1);

    private readonly Lock _lock = new();
    private readonly OutboxInbox _inbox = new();
    private readonly MemoryQueue _memory;
    private readonly Queue<long> _taken = new();
    private readonly HashSet<long> _settled = [];
    private readonly OutboxTally _tally;
    private readonly RetryPause _retry;
    private readonly PayloadPool _pool;
    private readonly TimeProvider _clock;
    private readonly TimeSpan _maxAge;
    private readonly Func<bool> _synchronized;
    private readonly ILogger _logger;
    private readonly Func<SegmentLog>? _open;
    private readonly Thread _writer;
    private SegmentLog? _log;
    private long _sequence;
    private long _takenThrough;
    private bool _rewriting;
    private volatile string? _problem;
    private Exception? _unreadable;

    internal MessageOutbox(OutboxOptions options, int memoryMessages, Func<Action<LogLoss>, SegmentLog>? open, PayloadPool pool,
        TimeProvider clock, ILogger logger, Func<bool>? synchronized = null)
    {
        _synchronized = synchronized ?? (() => WallClock.IsSynchronized);
        (_memory, _pool, _clock, _logger, _maxAge) = (new MemoryQueue(memoryMessages), pool, clock, logger, TimeSpan.FromHours(options.MaxAgeH));
        _tally = new OutboxTally(clock, report => Reported?.Invoke(report));
        _retry = new RetryPause(clock);
        _open = open is null ? null : () => open(OnLoss);
        // Here, not in the thread: what is on the disk must be sent before anything new.
        OpenLog();
        _writer = new Thread(Write) { Name = "outbox", IsBackground = true };
        _writer.Start();
    }

    /// <summary>Receives what happened to messages; called on a thread of the outbox, must not throw.</summary>
    public event Action<OutboxReport>? Reported;

    /// <summary>Raised after messages became ready to be sent.</summary>
    internal event Action? Filled;

    /// <summary>Why messages are not kept on the disk; null where they are, or need not be.</summary>
    public string? Problem => _problem;

    /// <summary>Messages that wait for the broker.</summary>
    public int Waiting
    {
        get
        {
            lock (_lock)
                return (_log?.Waiting ?? 0) + _memory.Count + _inbox.Count;
        }
    }

    /// <summary>Messages that are lost, in this run: they made room, were too old, or their file was damaged.</summary>
    public long Lost => _tally.Lost;

    /// <summary>Bytes written to the disk in this run.</summary>
    public long BytesWritten => _log?.BytesWritten ?? 0;

    /// <summary>Times that data was synced to the disk in this run.</summary>
    public long Commits => _log?.Commits ?? 0;

    /// <summary>Opens the outbox of a device. Never throws for the disk's sake: see <see cref="Problem"/>.</summary>
    /// <param name="options">Valid options.</param>
    /// <param name="device">The device's name.</param>
    /// <param name="memoryMessages">Messages that may wait in memory where there is no disk, at least 1.</param>
    /// <param name="pool">Memory for messages.</param>
    /// <param name="clock">Tells how old messages are.</param>
    /// <param name="logger">Takes what happens to the outbox.</param>
    public static MessageOutbox Open(OutboxOptions options, string device, int memoryMessages, PayloadPool pool, TimeProvider clock, ILogger logger)
    {
        ArgumentNullException.ThrowIfNull(options);
        var disk = new LocalDisk();
        long bytes = (long)options.MaxMib << 20;
        return new MessageOutbox(options, memoryMessages, options.Enabled ? Find : null, pool, clock, logger);

        SegmentLog Find(Action<LogLoss> losses) => options.Path is { } path
            ? new SegmentLog(new SegmentLogOptions(path, bytes), disk, pool, losses)
            : OutboxFolder.FirstFree(OutboxFolder.Default(device, Environment.GetEnvironmentVariable),
                folder => new SegmentLog(new SegmentLogOptions(folder, bytes), disk, pool, losses));
    }

    /// <summary>An outbox in memory alone.</summary>
    /// <param name="messages">Messages that may wait, at least 1.</param>
    /// <param name="pool">Memory for messages.</param>
    /// <param name="clock">Measures.</param>
    /// <param name="logger">Takes what happens to the outbox.</param>
    public static MessageOutbox InMemory(int messages, PayloadPool pool, TimeProvider clock, ILogger logger) =>
        new(new OutboxOptions { Enabled = false }, messages, null, pool, clock, logger);

    /// <summary>Hands a message in; the outbox owns its payload from now on. Never waits.</summary>
    /// <param name="message">The message.</param>
    /// <param name="promised">
    /// Called when the message is on the disk, or cannot be put there and waits in memory; on the outbox's thread, must be quick. Whoever
    /// asks does not have the message wait for others to share its sync.
    /// </param>
    public void Add(in OutgoingMessage message, Action? promised = null) => _inbox.Add(message, promised);

    /// <summary>Returns when everything that was handed in before is kept.</summary>
    public Task FlushAsync()
    {
        var done = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        if (!_inbox.Add(null, done.SetResult))
            done.SetResult();
        return done.Task;
    }

    /// <summary>Keeps what was handed in, notes what was acknowledged, and ends.</summary>
    public void Dispose()
    {
        if (_inbox.Close())
            _writer.Join();
    }

    /// <summary>Takes the next message to be sent; its payload is the caller's.</summary>
    internal bool TryTake(out Promise promise)
    {
        promise = default;
        while (true)
        {
            lock (_lock)
            {
                if (!TryRead(out promise))
                    return false;
                _takenThrough = promise.Sequence;
                _taken.Enqueue(promise.Sequence);
            }
            if (!IsExpired(promise.Message.Header.Time))
                return true;
            promise.Message.Payload.Dispose();
            Acknowledge(promise.Sequence);
            _tally.Add(OutboxReportKind.Expired, 1);
        }
    }

    /// <summary>A message that was taken is settled. It is let go once every one that was taken before it is, too.</summary>
    internal void Acknowledge(long sequence)
    {
        lock (_lock)
        {
            _settled.Add(sequence);
            while (_taken.TryPeek(out long first) && _settled.Remove(first))
            {
                _taken.Dequeue();
                _log?.Acknowledge(first);
                if (!_rewriting)
                    _memory.RemoveThrough(first);
            }
        }
    }

    /// <summary>A message that was taken will never be accepted.</summary>
    internal void Refuse(in Promise promise, string why)
    {
        Acknowledge(promise.Sequence);
        _tally.AddRefused(promise.Message.Topic, why);
    }

    /// <summary>Messages that were taken and not acknowledged are to be taken again.</summary>
    internal void Rewind()
    {
        lock (_lock)
        {
            _takenThrough = 0;
            _taken.Clear();
            _settled.Clear();
            _log?.Rewind();
        }
    }

    private bool TryRead(out Promise promise)
    {
        promise = default;
        try
        {
            if (_log is { } log && log.TryRead(_takenThrough, out promise))
                return true;
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            // Read again after the next commit or connection; what came later must not overtake it.
            Volatile.Write(ref _unreadable, e);
            return false;
        }
        return _memory.TryRead(_takenThrough, _pool, out promise);
    }

    private bool IsExpired(in MessageTime time) =>
        time.UtcSynchronized && _synchronized() && _clock.GetUtcNow().UtcDateTime - time.Utc > _maxAge;
}
