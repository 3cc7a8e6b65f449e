using Yolact.Edge.HardwareTests.Benches;

namespace Yolact.Edge.HardwareTests.Scenarios;

/// <summary>A connection that is open and dead is noticed, and what happened meanwhile arrives when it lives again.</summary>
[Trait("tier", "full")]
public sealed class DeadLinks(BenchFixture fixture) : Scenario(fixture, Capability.DriveInputs, Capability.OwnBroker)
{
    // Longer than the keep-alive (15 s) and the patience for an answer (10 s).
    private const int CutS = 40, Edges = 5;

    /// <summary>The broker on the device listens on the loopback interface: without it there is no way to it.</summary>
    [Fact]
    public Task A_network_that_is_cut_loses_no_promised_message() => JudgeAsync("ip link set lo down", "ip link set lo up");

    [Fact]
    public Task A_broker_that_stands_still_is_noticed_and_gets_everything_later() => JudgeAsync("pkill -STOP -x mosquitto", "pkill -CONT -x mosquitto");

    private async Task JudgeAsync(string cut, string mend)
    {
        Subscription seen = await SubscribeAsync();
        Message first = await FirstAnswerAsync(seen, _ => true);
        await seen.WaitAsync(10, message => message.AnswersEdge, "answers before");
        await Shell.RunAsync(cut);
        (long cutAt, _) = await Appliance.ClocksAsync();
        await Bench.PulseAsync(BenchLine.Trigger, new(Edges, 300));
        await Shell.RunAsync($"sleep {CutS}", timeout: TimeSpan.FromMinutes(10));
        string journal = await Appliance.JournalAsync();
        (long mended, long wall) = await Appliance.ClocksAsync();
        await Shell.RunAsync(mend);

        Assert.Contains("Lost the broker", journal, StringComparison.Ordinal);
        Message[] waited = await seen.WaitAsync(Edges, message => message.AnswersEdge && message.Edge >= first.Edge + 10, "what happened meanwhile");
        // A message may come twice (QoS 1), with the same id.
        long[] edges = [.. waited.DistinctBy(message => message.Id).Select(message => message.Edge!.Value)];
        Assert.Equal(Enumerable.Range(0, Edges).Select(i => first.Edge!.Value + 10 + i), edges.Order());
        Assert.All(waited, message => Assert.InRange(message.MonotonicNs, cutAt, mended));
        Measured("mended to last message", (waited.Max(message => message.ArrivalNs) - wall) / 1e9, "s");
    }
}
