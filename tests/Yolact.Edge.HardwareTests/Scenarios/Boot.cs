using System.Text.Json.Nodes;
using Yolact.Edge.HardwareTests.Benches;

namespace Yolact.Edge.HardwareTests.Scenarios;

[Trait("tier", "short")]
public sealed class Boot(BenchFixture fixture) : Scenario(fixture, Capability.DriveInputs, Capability.PowerCut)
{
    // The bundled network takes its time in the guest: an edge must wait that long for its frame.
    private const int PatienceMs = 600_000;

    [Fact]
    public async Task From_power_on_to_the_first_detections_of_the_bundled_model()
    {
        await Appliance.WriteConfigurationAsync(document =>
        {
            document["model"] = new JsonObject();
            document["cameras"]![0]!["trigger"]!["deadline_ms"] = PatienceMs;
        });
        await Shell.RunAsync("sync");
        await Bench.CutPowerAsync();
        await Bench.PowerOnAsync();
        await Appliance.StartedAsync();
        double active = await Appliance.ActiveSinceMsAsync();
        Assert.Equal("notify", await Appliance.PropertyAsync("Type"));
        Assert.StartsWith("ready", await Appliance.PropertyAsync("StatusText"), StringComparison.Ordinal);

        Subscription seen = await SubscribeAsync();
        await seen.WaitAsync(message => message.IsStatus("ready"), "status ready");
        await Bench.PulseAsync(BenchLine.Trigger, new(1, 10));
        Message answer = await seen.WaitAsync(message => message.IsDetections, "the first detections");
        Assert.Equal("belt", (string?)answer.Body["model"]!["name"]);
        string status = await Appliance.StatusTextAsync(text => text.Contains("1 frames", StringComparison.Ordinal));
        Assert.Contains("camera Running", status, StringComparison.Ordinal);
        Measured("kernel to READY", active / 1000, "s");
        Measured("first edge to its message", ((long)answer.Body["time"]!["monotonic_ns"]! - (long)answer.Body["trigger"]!["edge_time_ns"]!) / 1e6, "ms");
        Measured("inference", (double)answer.Body["stages_ms"]!["inference"]!, "ms");
    }
}
