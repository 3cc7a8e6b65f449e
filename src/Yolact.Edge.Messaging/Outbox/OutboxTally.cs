namespace Yolact.Edge.Messaging.Outbox;

/// <summary>
/// Counts messages that are lost, and tells of them together: a full outbox loses messages by the hundred, and an event about each would
/// push out further ones.
/// </summary>
/// <param name="clock">Measures.</param>
/// <param name="tell">Receives reports.</param>
internal sealed class OutboxTally(TimeProvider clock, Action<OutboxReport> tell)
{
    private static readonly TimeSpan Pause = TimeSpan.FromSeconds(10);

    private readonly Lock _lock = new();
    private readonly SortedDictionary<OutboxReportKind, long> _counts = [];
    private (string? Topic, string Why) _refusal;
    private long? _told;
    private long _lost;

    /// <summary>Messages that are lost since the start; those refused are counted by the session.</summary>
    public long Lost => Interlocked.Read(ref _lost);

    /// <summary>Counts; damage is told of even where no message is known to be lost.</summary>
    public void Add(OutboxReportKind kind, long count)
    {
        if (count == 0 && kind != OutboxReportKind.Damaged)
            return;
        if (kind != OutboxReportKind.Refused)
            Interlocked.Add(ref _lost, count);
        lock (_lock)
            _counts[kind] = _counts.GetValueOrDefault(kind) + count;
    }

    /// <summary>Counts a message that the broker refused.</summary>
    public void AddRefused(string topic, string why)
    {
        lock (_lock)
            _refusal = (topic, why);
        Add(OutboxReportKind.Refused, 1);
    }

    /// <summary>Tells what was counted since the last time, unless that was a moment ago.</summary>
    public void Tell()
    {
        List<OutboxReport> reports;
        lock (_lock)
        {
            if (_counts.Count == 0 || (_told is { } before && clock.GetElapsedTime(before) < Pause))
                return;
            _told = clock.GetTimestamp();
            reports = [.. _counts.Select(count => new OutboxReport(count.Key, count.Value, Words(count.Key, count.Value),
                count.Key == OutboxReportKind.Refused ? _refusal.Topic : null))];
            _counts.Clear();
        }
        reports.ForEach(tell);
    }

    /// <summary>Tells something that is not counted.</summary>
    public void TellNow(OutboxReport report) => tell(report);

    private string Words(OutboxReportKind kind, long count) => kind switch
    {
        OutboxReportKind.Dropped => $"{Messages(count)} made room for later ones: the broker has not taken them and the outbox is full.",
        OutboxReportKind.Expired => $"{Messages(count)} waited for the broker longer than the outbox keeps them.",
        OutboxReportKind.Refused => $"The broker refused {Messages(count)} for good, the last one on {_refusal.Topic}: {_refusal.Why}",
        _ when count == 0 => "A file of the outbox is damaged, or power cut a write in it short. Every other message in it is sent.",
        _ => $"A file of the outbox is damaged: {Messages(count)} are lost. Every other one in it is sent.",
    };

    private static string Messages(long count) => count == 1 ? "1 promised message" : $"{count} promised messages";
}
