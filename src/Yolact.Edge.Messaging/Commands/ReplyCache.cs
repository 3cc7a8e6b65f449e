namespace Yolact.Edge.Messaging.Commands;

/// <summary>
/// Responses to requests of the last minutes, so that one that comes twice (QoS 1 delivers at least once, and people press twice) is
/// done once and answered twice. Bounded by number, bytes and age; the oldest goes first. For one thread at a time.
/// </summary>
/// <param name="clock">Measures ages.</param>
internal sealed class ReplyCache(TimeProvider clock)
{
    public const int MaxEntries = 256;
    public const long MaxBytes = 4 << 20;

    public static readonly TimeSpan MaxAge = TimeSpan.FromMinutes(10);

    private readonly OrderedDictionary<string, Entry> _entries = new(StringComparer.Ordinal);
    private long _bytes;

    /// <summary>Requests that are remembered.</summary>
    public int Count => _entries.Count;

    /// <summary>What identifies a request.</summary>
    public static string KeyOf(string command, string responseTopic, ReadOnlySpan<byte> correlation) =>
        $"{command}\n{responseTopic}\n{Convert.ToHexString(correlation)}";

    /// <summary>Notes that a request is being worked on.</summary>
    /// <param name="key">Of <see cref="KeyOf"/>.</param>
    /// <param name="response">What was answered before; null while that is being worked on.</param>
    /// <returns>False where the request came before.</returns>
    public bool TryBegin(string key, out CachedResponse? response)
    {
        Forget();
        response = _entries.TryGetValue(key, out Entry? known) ? known.Response : null;
        return known is null && _entries.TryAdd(key, new Entry(clock.GetTimestamp()));
    }

    /// <summary>Keeps what was answered.</summary>
    public void Keep(string key, CachedResponse response)
    {
        if (!_entries.TryGetValue(key, out Entry? entry))
            return;
        entry.Response = response;
        _bytes += response.Body.Length;
        Forget();
    }

    /// <summary>Forgets a request that may be tried again.</summary>
    public void Drop(string key)
    {
        if (_entries.Remove(key, out Entry? entry))
            _bytes -= entry.Response?.Body.Length ?? 0;
    }

    private void Forget()
    {
        while (_entries.Count > 0 && (_entries.Count > MaxEntries || _bytes > MaxBytes || clock.GetElapsedTime(_entries.GetAt(0).Value.Begun) > MaxAge))
            Drop(_entries.GetAt(0).Key);
    }

    private sealed class Entry(long begun)
    {
        public long Begun { get; } = begun;

        public CachedResponse? Response { get; set; }
    }
}

/// <summary>A response as it went out.</summary>
/// <param name="Header">Its id, source and time: the same for each delivery.</param>
/// <param name="Body">Its body.</param>
internal sealed record CachedResponse(Payloads.MessageHeader Header, byte[] Body);
