using System.Diagnostics;
using System.Globalization;
using Yolact.Edge.Messaging.Outbox;
using Yolact.Edge.Messaging.Outbox.Disk;
using Yolact.Edge.Messaging.Outbox.Log;
using Yolact.Edge.Messaging.Payloads;
using Yolact.Edge.Messaging.Sessions;
using Yolact.Edge.Messaging.Topics;

namespace Yolact.Edge.Benchmarks;

/// <summary>
/// SQLite against the segment log, in steady state: groups of messages are committed one after the other, those of the group before are
/// acknowledged. What reaches the disk is read from the block device, the file system's journal included, so the folder should lie on a
/// device that nobody else uses.
/// </summary>
internal static class OutboxComparison
{
    private const int Commits = 1000, WarmUp = 1500;
    private const double SectorBytes = 512;

    public static void Run(string folder)
    {
        Console.WriteLine("| store | message | a commit | bytes written a message | flushes a commit | median, us | 99 %, us |");
        Console.WriteLine("|---|---|---|---|---|---|---|");
        foreach ((int bytes, int group) in ((int, int)[])[(400, 1), (400, 16), (10_000, 1), (10_000, 16)])
        {
            using (var store = new LogStore(Fresh(folder)))
                Measure("segment log", folder, store.Commit, bytes, group);
            using (var store = new SqliteStore(Fresh(folder)))
                Measure("SQLite", folder, store.Commit, bytes, group);
        }
    }

    private static void Measure(string name, string folder, Action<Promise[]> commit, int bytes, int group)
    {
        var pool = new PayloadPool();
        var stamp = new MessageStamp(new TopicTree("press-3"), TimeProvider.System);
        long sequence = 0;
        var random = new Random(1);
        Promise[] Next() => [.. Enumerable.Range(0, group).Select(_ => new Promise(++sequence, Message(pool, stamp, random, bytes)))];
        for (int i = 0; i < WarmUp; i++)
            Commit(Next());
        Process.Start("sync")!.WaitForExit();
        (long written, long flushed) = Device(folder);
        var times = new double[Commits];
        for (int i = 0; i < Commits; i++)
        {
            Promise[] messages = Next();
            long start = Stopwatch.GetTimestamp();
            Commit(messages);
            times[i] = Stopwatch.GetElapsedTime(start).TotalMicroseconds;
        }
        Process.Start("sync")!.WaitForExit();
        (long writtenAfter, long flushedAfter) = Device(folder);
        Array.Sort(times);
        double messagesCount = Commits * group;
        Console.WriteLine(string.Create(CultureInfo.InvariantCulture,
            $"| {name} | {bytes} B | {group} | {(writtenAfter - written) * SectorBytes / messagesCount:F0} "
            + $"| {(flushedAfter - flushed) / (double)Commits:F2} | {times[Commits / 2]:F0} | {times[Commits * 99 / 100]:F0} |"));

        void Commit(Promise[] messages)
        {
            commit(messages);
            foreach (Promise promise in messages)
                promise.Message.Payload.Dispose();
        }
    }

    private static OutgoingMessage Message(PayloadPool pool, MessageStamp stamp, Random random, int bytes)
    {
        PayloadBuffer buffer = pool.Rent();
        random.NextBytes(buffer.GetSpan(bytes)[..bytes]);
        buffer.Advance(bytes);
        return new OutgoingMessage(stamp.Topics.Events, "event", stamp.Next(), buffer, Promised: true);
    }

    private static string Fresh(string folder)
    {
        string own = Path.Combine(folder, "comparison");
        if (Directory.Exists(own))
            Directory.Delete(own, recursive: true);
        Directory.CreateDirectory(own);
        return own;
    }

    // Sectors written and flushes: fields 7 and 16 of the kernel's block/stat.rst.
    private static (long Sectors, long Flushes) Device(string folder)
    {
        using Process stat = Process.Start(new ProcessStartInfo("stat", ["-c", "%Hd:%Ld", folder]) { RedirectStandardOutput = true })!;
        string device = stat.StandardOutput.ReadToEnd().Trim();
        string[] fields = File.ReadAllText($"/sys/dev/block/{device}/stat").Split(' ', StringSplitOptions.RemoveEmptyEntries);
        return (long.Parse(fields[6], CultureInfo.InvariantCulture), fields.Length > 15 ? long.Parse(fields[15], CultureInfo.InvariantCulture) : 0);
    }

    private sealed class LogStore(string folder) : IDisposable
    {
        private readonly SegmentLog _log = new(new SegmentLogOptions(folder, 256 << 20), new LocalDisk(), new PayloadPool(), _ => { });

        public void Commit(Promise[] messages)
        {
            _log.Append(messages);
            for (long sequence = messages[0].Sequence - messages.Length; sequence < messages[0].Sequence; sequence++)
                _log.Acknowledge(sequence);
            _log.Maintain(null);
        }

        public void Dispose() => _log.Dispose();
    }

    private sealed class SqliteStore(string folder) : IDisposable
    {
        private readonly SqliteOutbox _outbox = new(folder);

        public void Commit(Promise[] messages) => _outbox.Append(messages, messages[0].Sequence - 1);

        public void Dispose() => _outbox.Dispose();
    }
}
