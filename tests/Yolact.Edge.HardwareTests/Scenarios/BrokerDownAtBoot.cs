using Yolact.Edge.HardwareTests.Benches;

namespace Yolact.Edge.HardwareTests.Scenarios;

[Trait("tier", "full")]
public sealed class BrokerDownAtBoot(BenchFixture fixture) : Scenario(fixture, Capability.DriveInputs, Capability.PowerCut, Capability.OwnBroker)
{
    private const int Edges = 10;

    [Fact]
    public async Task A_boot_without_a_broker_works_and_tells_it_later()
    {
        // The broker keeps the bench's session.
        await SubscribeAsync();
        await Shell.RunAsync("systemctl stop mosquitto && systemctl disable -q mosquitto && sync");
        await Bench.CutPowerAsync();
        await Bench.PowerOnAsync();
        await Appliance.StartedAsync();
        await Appliance.StatusTextAsync(text => text.StartsWith("ready; camera Running", StringComparison.Ordinal));
        string boot = await Shell.RunAsync("cat /proc/sys/kernel/random/boot_id");
        await Bench.PulseAsync(BenchLine.Trigger, new(Edges, 300));
        (long started, _) = await Appliance.ClocksAsync();
        await Shell.RunAsync("systemctl start mosquitto");

        Subscription seen = await SubscribeAsync();
        Message[] told = await seen.WaitAsync(Edges, message => message.AnswersEdge && message.Boot == boot, $"answers of {Edges} edges");
        Assert.Equal(Enumerable.Range(1, Edges).Select(i => (long)i), told.DistinctBy(message => message.Id).Select(message => message.Edge!.Value).Order());
        // The last ones may still have been under way when the broker came.
        Assert.True(told.Count(message => message.MonotonicNs < started) >= Edges / 2);
        Assert.Contains(told, message => message.IsDetections);
    }
}
