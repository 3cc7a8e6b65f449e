using Yolact.Edge.HardwareTests.Benches;

namespace Yolact.Edge.HardwareTests.Scenarios;

[Trait("tier", "short")]
public sealed class BrokerOutage(BenchFixture fixture) : Scenario(fixture, Capability.DriveInputs, Capability.OwnBroker)
{
    [Fact]
    public async Task What_happens_while_the_broker_is_down_arrives_afterwards()
    {
        Subscription seen = await SubscribeAsync();
        await Bench.PulseAsync(BenchLine.Trigger, new(2, 200));
        await seen.WaitAsync(2, message => message.IsDetections, "detections before");
        // The broker keeps the subscription over an orderly stop.
        await Shell.RunAsync("systemctl stop mosquitto");
        await Bench.PulseAsync(BenchLine.Trigger, new(5, 200));
        (long monotonic, long started) = await Appliance.ClocksAsync();
        await Shell.RunAsync("systemctl start mosquitto");

        Message[] said = await seen.WaitAsync(7, message => message.IsDetections, "detections of seven edges");
        Assert.Equal(7, said.Length);
        Assert.Equal(Enumerable.Range(0, 7).Select(i => said[0].Edge!.Value + i), said.Select(message => message.Edge!.Value));
        Assert.Equal(7, said.Select(message => message.Id).Distinct().Count());
        // The last ones may still have been under way when the broker came back; the first ones had waited.
        Assert.True(said[2].MonotonicNs < monotonic);
        Measured("broker back to last message", (said[^1].ArrivalNs - started) / 1e9, "s");
    }
}
