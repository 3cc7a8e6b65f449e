using Yolact.Edge.HardwareTests.Benches;

namespace Yolact.Edge.HardwareTests.Scenarios;

[Trait("tier", "full")]
public sealed class MinimumInterval(BenchFixture fixture) : Scenario(fixture, Capability.DriveInputs, Capability.EdgeTimes)
{
    [Fact]
    public async Task Edges_sooner_than_the_minimum_interval_are_reported()
    {
        Subscription seen = await SubscribeAsync();
        await Appliance.DesireAsync("""
            {
              "version": "1",
              "cameras": [ { "name": "cam0", "kind": "usb", "source": "/dev/video0", "width": 640, "height": 480, "fps": 25,
                             "trigger": { "mode": "edge", "line": "trigger", "debounce_ms": 1, "minimum_interval_ms": 250 } } ]
            }
            """);
        await seen.ReportedAsync("1", "applied");
        await Bench.PulseAsync(BenchLine.Trigger, new(9, 100));
        Message[] said = await seen.WaitAsync(9, message => message.AnswersEdge, "nine answers");
        long first = said.Min(message => message.Edge!.Value);
        // 100 ms apart, 250 ms at least: every third one.
        Assert.Equal([0, 3, 6], said.Where(message => message.IsDetections).Select(message => message.Edge!.Value - first).Order());
        Assert.Equal([1, 2, 4, 5, 7, 8], said.Where(message => message.IsEvent("overrun")).Select(message => message.Edge!.Value - first).Order());
    }
}
