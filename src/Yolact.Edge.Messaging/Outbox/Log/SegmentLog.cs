using System.Buffers;
using Yolact.Edge.Messaging.Outbox.Disk;
using Yolact.Edge.Messaging.Payloads;

namespace Yolact.Edge.Messaging.Outbox.Log;

/// <summary>
/// Promised messages in files of about 1 MiB, appended to the last and read from the first. One thread writes
/// (<see cref="Append"/>, <see cref="Maintain"/>), another reads and acknowledges; nothing that one does waits for the other's disk.
/// A file is filled with zeros when it is made and used again when all of it was acknowledged: then a commit changes data alone, and the
/// file system's journal, which costs more flash than most messages, stays out of it.
/// </summary>
internal sealed partial class SegmentLog : IDisposable
{
    public const int DefaultSegmentBytes = 1 << 20;

    private const int SparesKept = 1;

    private readonly Lock _lock = new();
    private readonly List<Segment> _segments = [];
    private readonly Stack<string> _spares = new();
    private readonly ArrayBufferWriter<byte> _staged = new(1 << 16);
    private readonly SegmentLogOptions _options;
    private readonly IOutboxDisk _disk;
    private readonly IDisposable _claim;
    private readonly SegmentReader _reader;
    private Segment? _tail;
    private long _next = 1;
    private long _acknowledged;
    private long _acknowledgedOnDisk;
    private (long First, long Last, int Count, DateTime? Newest) _batch;

    /// <summary>Opens the log in a folder, and reads all of it.</summary>
    /// <param name="options">Where, and how large.</param>
    /// <param name="disk">The file system.</param>
    /// <param name="pool">Memory for messages that are read.</param>
    /// <param name="losses">Receives what was damaged or had to make room.</param>
    /// <exception cref="IOException">The folder cannot be used, or another process uses it.</exception>
    /// <exception cref="UnauthorizedAccessException">The folder cannot be used.</exception>
    public SegmentLog(SegmentLogOptions options, IOutboxDisk disk, PayloadPool pool, Action<LogLoss> losses)
    {
        (_options, _disk, Losses) = (options, disk, losses);
        _reader = new SegmentReader(pool, losses);
        _claim = disk.Claim(options.Folder);
        try
        {
            Recover();
        }
        catch
        {
            Dispose();
            throw;
        }
    }

    /// <summary>The last message that is on the disk.</summary>
    public long LastSequence => Volatile.Read(ref _next) - 1;

    /// <summary>Every message up to this one was acknowledged.</summary>
    public long Acknowledged => Volatile.Read(ref _acknowledged);

    /// <summary>Messages that were neither acknowledged nor given up.</summary>
    public int Waiting
    {
        get
        {
            lock (_lock)
                return _segments.Sum(segment => segment.Waiting);
        }
    }

    /// <summary>Bytes written since it was opened.</summary>
    public long BytesWritten { get; private set; }

    /// <summary>Commits since it was opened: calls that made data durable.</summary>
    public long Commits { get; private set; }

    private Action<LogLoss> Losses { get; }

    /// <summary>Writes messages and returns when they are on the disk.</summary>
    /// <param name="messages">In order; their sequences are consecutive and greater than <see cref="LastSequence"/>. None to try the disk.</param>
    /// <exception cref="IOException">
    /// The disk does not take them. Those up to <see cref="LastSequence"/> are on it; the others may be handed in again.
    /// </exception>
    public void Append(ReadOnlySpan<Promise> messages)
    {
        try
        {
            foreach (ref readonly Promise promise in messages)
            {
                int body = StoredMessage.BodyBytes(promise.Message);
                if (_tail is null || !HasRoom(RecordFormat.SizeOf(body)))
                {
                    Flush(sync: true);
                    Roll(promise.Sequence);
                }
                Stage(promise, body);
            }
            if (_tail is null)
                Roll(_next);
            Flush(sync: true);
        }
        catch
        {
            // What a failed sync left behind nobody knows, and a second one would report success: this file is written no more.
            Forsake();
            throw;
        }
    }

    /// <summary>Reads the next message, or the one after <paramref name="after"/> where that is further.</summary>
    public bool TryRead(long after, out Promise promise)
    {
        lock (_lock)
            return _reader.TryRead(_segments, Math.Max(after, _acknowledged), out promise);
    }

    /// <summary>Begins to read at the oldest message again.</summary>
    public void Rewind()
    {
        lock (_lock)
            _reader.Rewind();
    }

    /// <summary>A message is settled, and with it every one before it.</summary>
    public void Acknowledge(long sequence)
    {
        lock (_lock)
        {
            _acknowledged = Math.Max(_acknowledged, sequence);
            foreach (Segment segment in _segments)
            {
                if (segment.First > sequence)
                    break;
                segment.Waiting = segment.Last <= sequence ? 0 : Math.Max(0, segment.Waiting - 1);
            }
        }
    }

    /// <summary>
    /// Frees what is acknowledged or too old, and notes what was acknowledged. The note is not synced: it survives the end of the process;
    /// a power cut may undo it, and the messages are then sent a second time.
    /// </summary>
    /// <param name="oldest">Segments whose messages are all older are dropped; null to keep them.</param>
    /// <param name="sync">True: wait until the note is on the disk.</param>
    public void Maintain(DateTime? oldest, bool sync = false)
    {
        try
        {
            while (FirstIf(segment => oldest is { } limit && segment.Newest < limit && segment.Waiting > 0) is { } old)
                GiveUp(old, LogLossKind.Expired);
            while (FirstIf(segment => segment.Waiting == 0 && segment.Last <= _acknowledged) is { } done)
                Retire(done);
            if (_tail is not null && Acknowledged > _acknowledgedOnDisk && HasRoom(RecordFormat.SizeOf(0)))
            {
                StageAcknowledged();
                Flush(sync);
            }
        }
        catch
        {
            Forsake();
            throw;
        }
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        lock (_lock)
        {
            foreach (Segment segment in _segments)
                segment.Dispose();
            _segments.Clear();
        }
        _claim.Dispose();
    }

    private Segment? FirstIf(Func<Segment, bool> condition)
    {
        lock (_lock)
            return _segments.Count > 1 && condition(_segments[0]) ? _segments[0] : null;
    }

    // Everything of it is acknowledged, expired, or has to make room.
    private void Retire(Segment segment)
    {
        lock (_lock)
            _segments.Remove(segment);
        segment.Dispose();
        if (_spares.Count >= SparesKept || segment.Length > _options.SegmentBytes)
        {
            _disk.Delete(segment.Path);
            return;
        }
        string spare = Path.Combine(_options.Folder, Segment.SpareNameOf(segment.Number));
        _disk.Rename(segment.Path, spare);
        _spares.Push(spare);
    }

    private void GiveUp(Segment segment, LogLossKind kind)
    {
        int count = segment.Waiting;
        Acknowledge(segment.Last);
        Retire(segment);
        if (count > 0)
            Losses(new LogLoss(kind, count, Path.GetFileName(segment.Path)));
    }

    private void Forsake()
    {
        _tail = null;
        _staged.ResetWrittenCount();
        _batch = default;
    }
}

/// <summary>Where a log lies, and how large it may be.</summary>
/// <param name="Folder">Its folder.</param>
/// <param name="MaxBytes">The most it may take.</param>
/// <param name="SegmentBytes">Size of a file; one with a single larger message is larger.</param>
internal sealed record SegmentLogOptions(string Folder, long MaxBytes, int SegmentBytes = SegmentLog.DefaultSegmentBytes);

/// <summary>Why messages are gone.</summary>
internal enum LogLossKind
{
    /// <summary>They made room for later ones.</summary>
    NoRoom,

    /// <summary>They were too old.</summary>
    Expired,

    /// <summary>Their file is damaged.</summary>
    Damaged,
}

/// <summary>Messages that are gone.</summary>
/// <param name="Kind">Why.</param>
/// <param name="Messages">How many; 0 where damage may have hit none.</param>
/// <param name="File">The file that they were in.</param>
internal sealed record LogLoss(LogLossKind Kind, long Messages, string File);
