using System.Text;
using Microsoft.Extensions.Logging.Abstractions;
using Yolact.Edge.Messaging.Outbox;
using Yolact.Edge.Messaging.Outbox.Disk;
using Yolact.Edge.Messaging.Outbox.Log;
using Yolact.Edge.Messaging.Payloads;
using Yolact.Edge.Messaging.Sessions;

namespace Yolact.Edge.Messaging.Tests.Outbox;

/// <summary>An outbox over a disk of the test's, with small files.</summary>
internal sealed class OutboxRig : IDisposable
{
    public const int SegmentBytes = 4096;

    private readonly PayloadPool _pool = new();
    private readonly MessageStamp _stamp;

    public OutboxRig(IOutboxDisk disk, MessageStamp? stamp = null, long maxBytes = 1 << 20, int memory = 1000, TimeProvider? clock = null, int maxAgeH = 168)
    {
        _stamp = stamp ?? Samples.Stamp();
        Outbox = new MessageOutbox(new OutboxOptions { MaxAgeH = maxAgeH }, memory,
            losses => new SegmentLog(new SegmentLogOptions("outbox", maxBytes, SegmentBytes), disk, _pool, losses),
            _pool, clock ?? TimeProvider.System, NullLogger.Instance, synchronized: () => clock is not null);
        Outbox.Reported += report =>
        {
            lock (Reports)
                Reports.Add(report);
        };
    }

    public MessageOutbox Outbox { get; }

    public List<OutboxReport> Reports { get; } = [];

    public OutgoingMessage Message(string text)
    {
        PayloadBuffer buffer = _pool.Rent();
        buffer.Advance(Encoding.UTF8.GetBytes(text, buffer.GetSpan(text.Length * 3)));
        return new OutgoingMessage(Samples.Topics.Events, "event", _stamp.Next(), buffer, Promised: true);
    }

    /// <summary>Hands a message in, and returns when it is kept.</summary>
    public async Task KeepAsync(string text)
    {
        var kept = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        Outbox.Add(Message(text), kept.SetResult);
        await kept.Task;
    }

    public void Keep(params string[] texts)
    {
        foreach (string text in texts)
            Outbox.Add(Message(text));
        Outbox.FlushAsync().Wait();
    }

    /// <summary>Takes all that there are to be sent.</summary>
    public List<(long Sequence, string Id, string Text)> TakeAll()
    {
        var taken = new List<(long, string, string)>();
        while (Outbox.TryTake(out Promise promise))
        {
            taken.Add((promise.Sequence, promise.Message.Header.Id, Samples.Text(promise.Message.Payload)));
            promise.Message.Payload.Dispose();
        }
        return taken;
    }

    public IEnumerable<string> TakeTexts() => TakeAll().Select(one => one.Text);

    public async Task UntilAsync(Func<MessageOutbox, bool> condition)
    {
        using var patience = new CancellationTokenSource(TimeSpan.FromSeconds(60));
        while (!condition(Outbox))
            await Task.Delay(5, patience.Token);
    }

    public async Task<OutboxReport> ReportAsync(OutboxReportKind kind)
    {
        using var patience = new CancellationTokenSource(TimeSpan.FromSeconds(60));
        while (true)
        {
            lock (Reports)
            {
                if (Reports.Find(report => report.Kind == kind) is { } found)
                    return found;
            }
            await Task.Delay(5, patience.Token);
        }
    }

    public void Dispose() => Outbox.Dispose();
}
