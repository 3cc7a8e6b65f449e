using Yolact.Edge.Messaging.Outbox.Disk;

namespace Yolact.Edge.Messaging.Tests.Outbox;

/// <summary>
/// A disk in memory that forgets at a power cut what was not synced, or keeps a torn part of it, and fails when it is told to. Names are
/// journalled: a cut takes the last ones that no folder sync followed.
/// </summary>
internal sealed class SimulatedDisk : IOutboxDisk
{
    private readonly Lock _lock = new();
    private readonly Dictionary<string, Content> _names;
    private readonly List<Action<Dictionary<string, Content>>> _unsyncedNames = [];
    private Dictionary<string, Content> _syncedNames;

    public SimulatedDisk()
        : this([])
    {
    }

    private SimulatedDisk(Dictionary<string, Content> names) => (_names, _syncedNames) = (new(names), new(names));

    /// <summary>Thrown by every write while it is set.</summary>
    public Exception? WriteFailure { get; set; }

    /// <summary>Called before each sync.</summary>
    public Action? Syncing { get; set; }

    /// <summary>Bytes that may still be written before the disk is full.</summary>
    public long Room { get; set; } = long.MaxValue;

    public bool IsClaimed { get; set; }

    public IReadOnlyList<string> Names
    {
        get
        {
            lock (_lock)
                return [.. _names.Keys.Order(StringComparer.Ordinal)];
        }
    }

    /// <summary>The bytes of a file, to be changed in place.</summary>
    public byte[] BytesOf(string name) => _names[name].Current;

    public void Truncate(string name, int length) => _names[name].Cut(length);

    /// <summary>Another disk with the same on it.</summary>
    public SimulatedDisk Copy() => new(_names.ToDictionary(name => name.Key, name => name.Value.Copy()));

    /// <summary>What is left after a power cut.</summary>
    public SimulatedDisk AfterPowerCut(Random random)
    {
        lock (_lock)
        {
            var names = new Dictionary<string, Content>(_syncedNames);
            foreach (Action<Dictionary<string, Content>> change in _unsyncedNames.Take(random.Next(_unsyncedNames.Count + 1)))
                change(names);
            return new SimulatedDisk(names.ToDictionary(name => name.Key, name => name.Value.AfterPowerCut(random)));
        }
    }

    public IDisposable Claim(string folder)
    {
        if (IsClaimed)
            throw new OutboxInUseException(folder);
        ThrowIfFailing();
        IsClaimed = true;
        return new Claimed(this);
    }

    public IReadOnlyList<string> List(string folder) => Names;

    public IOutboxFile Open(string path)
    {
        string name = Path.GetFileName(path);
        lock (_lock)
        {
            if (!_names.TryGetValue(name, out Content? content))
            {
                ThrowIfFailing();
                content = new Content();
                Change(names => names[name] = content);
            }
            return new OpenFile(this, content);
        }
    }

    public void Rename(string from, string to)
    {
        ThrowIfFailing();
        Content content = _names[Path.GetFileName(from)];
        Change(names =>
        {
            names.Remove(Path.GetFileName(from));
            names[Path.GetFileName(to)] = content;
        });
    }

    public void Delete(string path)
    {
        ThrowIfFailing();
        Change(names => names.Remove(Path.GetFileName(path)));
    }

    public void SyncFolder(string folder)
    {
        ThrowIfFailing();
        lock (_lock)
        {
            _syncedNames = new(_names);
            _unsyncedNames.Clear();
        }
    }

    private void Change(Action<Dictionary<string, Content>> change)
    {
        lock (_lock)
        {
            change(_names);
            _unsyncedNames.Add(change);
        }
    }

    private void ThrowIfFailing()
    {
        if (WriteFailure is { } failure)
            throw failure;
    }

    private sealed class Claimed(SimulatedDisk disk) : IDisposable
    {
        public void Dispose() => disk.IsClaimed = false;
    }

    private sealed class Content
    {
        private const int SectorBytes = 512;

        private readonly List<(long Offset, byte[] Bytes)> _unsynced = [];
        private byte[] _synced = [];

        public byte[] Current { get; private set; } = [];

        public void Write(ReadOnlySpan<byte> bytes, long offset)
        {
            Current = Apply(Current, bytes, offset);
            _unsynced.Add((offset, bytes.ToArray()));
        }

        public void Sync()
        {
            _synced = [.. Current];
            _unsynced.Clear();
        }

        public void Cut(int length) => Current = Current[..length];

        public Content Copy() => new() { Current = [.. Current], _synced = [.. Current] };

        // Each write reached the disk whole, or up to some byte, or in some of its sectors, or not at all.
        public Content AfterPowerCut(Random random)
        {
            byte[] left = [.. _synced];
            foreach ((long offset, byte[] bytes) in _unsynced)
            {
                int fate = random.Next(4);
                if (fate <= 1)
                    left = Apply(left, bytes.AsSpan(0, fate == 0 ? bytes.Length : random.Next(bytes.Length + 1)), offset);
                for (int at = 0; fate == 2 && at < bytes.Length; at += SectorBytes)
                {
                    if (random.Next(2) == 0)
                        left = Apply(left, bytes.AsSpan(at, Math.Min(SectorBytes, bytes.Length - at)), offset + at);
                }
            }
            return new Content { Current = left, _synced = [.. left] };
        }

        private static byte[] Apply(byte[] to, ReadOnlySpan<byte> bytes, long offset)
        {
            if (to.Length < offset + bytes.Length)
                Array.Resize(ref to, (int)offset + bytes.Length);
            bytes.CopyTo(to.AsSpan((int)offset));
            return to;
        }
    }

    private sealed class OpenFile(SimulatedDisk disk, Content content) : IOutboxFile
    {
        public long Length => content.Current.Length;

        public int Read(Span<byte> bytes, long offset)
        {
            lock (disk._lock)
            {
                int count = (int)Math.Clamp(content.Current.Length - offset, 0, bytes.Length);
                content.Current.AsSpan((int)Math.Min(offset, content.Current.Length), count).CopyTo(bytes);
                return count;
            }
        }

        public void Write(ReadOnlySpan<byte> bytes, long offset)
        {
            disk.ThrowIfFailing();
            if (disk.Room < bytes.Length)
                throw new IOException("No space left on device");
            disk.Room -= disk.Room == long.MaxValue ? 0 : bytes.Length;
            lock (disk._lock)
                content.Write(bytes, offset);
        }

        public void Sync()
        {
            disk.Syncing?.Invoke();
            disk.ThrowIfFailing();
            lock (disk._lock)
                content.Sync();
        }

        public void Dispose()
        {
        }
    }
}
