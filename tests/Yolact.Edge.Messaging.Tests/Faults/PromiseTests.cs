using System.Diagnostics;
using System.Globalization;
using Yolact.Edge.Messaging.Tests.Brokers;

namespace Yolact.Edge.Messaging.Tests.Faults;

/// <summary>
/// Promises kept through everything that goes wrong: the link is cut, the broker restarted, the worker killed with SIGKILL. PROMISE_MESSAGES
/// and PROMISE_FAULTS (of each kind) set the size: 100000 and 50 for the full one.
/// </summary>
public sealed class PromiseTests
{
    private const int Streams = 3;

    private static readonly TimeSpan Silence = TimeSpan.FromSeconds(10);

    private static readonly long Messages = Size("PROMISE_MESSAGES", 2000);
    private static readonly int Faults = (int)Size("PROMISE_FAULTS", 3);

    [Fact]
    public async Task Every_promised_message_arrives_in_order_and_again_only_under_its_id()
    {
        await using Mosquitto broker = await Mosquitto.StartAsync(Persistent);
        await using var witness = new Witness(broker.Endpoint, "yolact/1/press-3/#");
        await witness.Listening.Task;
        List<(string Run, long[] Kept)> promised = await PlayAsync(broker, b => b.TerminateAsync(), nameof(Every_promised_message_arrives_in_order_and_again_only_under_its_id));

        long heardBefore = -1;
        var silence = Stopwatch.StartNew();
        using var patience = new CancellationTokenSource(TimeSpan.FromMinutes(5));
        while (Missing(promised, witness) is { } missing)
        {
            Assert.False(patience.IsCancellationRequested, missing);
            if (witness.Count != heardBefore)
                silence.Restart();
            else if (silence.Elapsed > Silence)
            {
                witness.ConnectAgain();
                silence.Restart();
            }
            heardBefore = witness.Count;
            await Task.Delay(100, CancellationToken.None);
        }
        long distinct = 0;
        foreach ((string topic, List<(string Run, long Number, string Id)> heard) in witness.Heard.Where(stream => !stream.Key.EndsWith("status", StringComparison.Ordinal)))
        {
            Dictionary<(string Run, long Number), string> ids = [];
            (string Run, long Number) last = ("", 0);
            foreach ((string run, long number, string id) in heard)
            {
                if (ids.TryGetValue((run, number), out string? first))
                {
                    Assert.Equal(first, id);
                    continue;
                }
                int order = string.CompareOrdinal(last.Run, run);
                Assert.True(order < 0 || (order == 0 && last.Number < number), $"{topic}: {run} {number} came after {last}");
                ids[(run, number)] = id;
                last = (run, number);
            }
            Assert.Equal(ids.Count, ids.Values.Distinct().Count());
            distinct += ids.Count;
        }
        Report($"{distinct} different messages arrived, {witness.Count - distinct} deliveries were repetitions");
    }

    /// <summary>A broker that is killed may forget what it had acknowledged; that everything was acknowledged is what the device answers for.</summary>
    [Fact]
    public async Task With_a_broker_that_is_killed_every_promised_message_is_acknowledged()
    {
        await using Mosquitto broker = await Mosquitto.StartAsync(Persistent);
        await PlayAsync(broker, b => b.StopAsync(), nameof(With_a_broker_that_is_killed_every_promised_message_is_acknowledged));
    }

    // Faults are spread evenly over the messages; in the end the worker returns only when the broker has acknowledged all.
    private static async Task<List<(string Run, long[] Kept)>> PlayAsync(Mosquitto broker, Func<Mosquitto, Task> stop, string name)
    {
        string outbox = Path.Combine(broker.Folder, "outbox");
        await using var proxy = new LinkProxy(broker.Endpoint);
        List<(string Run, long[] Kept)> promised = [];
        long before = 0;
        var watch = Stopwatch.StartNew();
        Worker worker = Start();
        try
        {
            for (int fault = 1; fault <= 3 * Faults; fault++)
            {
                await UntilKeptAsync(fault * Messages / (3 * Faults + 1));
                switch (fault % 3)
                {
                    case 0:
                        proxy.Cut();
                        break;
                    case 1:
                        await stop(broker);
                        await broker.StartAgainAsync();
                        break;
                    default:
                        await worker.KillAsync();
                        promised.Add((worker.Run, worker.Kept));
                        before += worker.Kept.Sum();
                        worker = Start();
                        break;
                }
            }
            await UntilKeptAsync(Messages);
            using var patience = new CancellationTokenSource(TimeSpan.FromMinutes(5));
            (long bytes, long commits) = await worker.DrainAsync(patience.Token);
            promised.Add((worker.Run, worker.Kept));
            long sum = promised.Sum(run => run.Kept.Sum());
            Report(string.Create(CultureInfo.InvariantCulture, $"{name}: {sum} messages promised and acknowledged in {watch.Elapsed.TotalSeconds:F0} s, {Faults} cuts, broker restarts and kills each; "
                + $"after the last kill {(double)bytes / Math.Max(1, worker.Kept.Sum()):F0} bytes handed to the file system a message, {(double)worker.Kept.Sum() / Math.Max(1, commits):F1} messages a sync"));
            return promised;
        }
        catch
        {
            if (!worker.HasEnded)
                await worker.KillAsync();
            throw;
        }

        Worker Start() => Worker.Start(proxy.Endpoint.Port, outbox, promised.Count.ToString("D4", CultureInfo.InvariantCulture), Streams);

        async Task UntilKeptAsync(long count)
        {
            using var patience = new CancellationTokenSource(TimeSpan.FromMinutes(5));
            while (before + worker.Kept.Sum() < count)
            {
                Assert.False(worker.HasEnded, "the worker ended by itself");
                await Task.Delay(5, patience.Token);
            }
        }
    }

    private static string? Missing(List<(string Run, long[] Kept)> promised, Witness witness)
    {
        Dictionary<string, List<(string Run, long Number, string Id)>> heard = witness.Heard;
        string[] topics = [Samples.Topics.Events, Samples.Topics.Detections("left"), Samples.Topics.Detections("right")];
        for (int stream = 0; stream < Streams; stream++)
        {
            HashSet<(string, long)> known = heard.TryGetValue(topics[stream], out var list) ? [.. list.Select(one => (one.Run, one.Number))] : [];
            foreach ((string run, long[] kept) in promised)
            {
                for (long number = 1; number <= kept[stream]; number++)
                {
                    if (!known.Contains((run, number)))
                        return $"{topics[stream]}: message {number} of run {run} was promised and did not arrive";
                }
            }
        }
        return null;
    }

    private static string Persistent(string folder) =>
        $"allow_anonymous true\npersistence true\npersistence_location {folder}/\nmax_queued_messages 0\nmax_queued_bytes 0\nmax_inflight_messages 0";

    private static void Report(string figures)
    {
        TestContext.Current.SendDiagnosticMessage(figures);
        TestContext.Current.TestOutputHelper?.WriteLine(figures);
    }

    private static long Size(string variable, long preset) =>
        long.TryParse(Environment.GetEnvironmentVariable(variable), CultureInfo.InvariantCulture, out long size) ? size : preset;
}
