using Yolact.Edge.HardwareTests.Benches;

namespace Yolact.Edge.HardwareTests.Scenarios;

[Trait("tier", "full")]
public sealed class LockOut(BenchFixture fixture) : Scenario(fixture, Capability.DriveInputs)
{
    [Fact]
    public async Task A_configuration_that_cuts_the_device_off_is_taken_back()
    {
        Subscription seen = await SubscribeAsync();
        // Nobody answers there.
        await Appliance.DesireAsync("""{ "version": "1", "mqtt": { "host": "127.0.0.1", "port": 1999 } }""");
        Message back = await seen.ReportedAsync("1", "rolled_back");
        Assert.Equal(417, (int)back.Body["code"]!);
        Assert.Equal("rig", (string?)back.Body["applied_version"]);
        await Bench.PulseAsync(BenchLine.Trigger, new(1, 10));
        Message answer = await seen.WaitAsync(message => message.IsDetections, "detections over the old broker");
        Assert.Equal("rig", (string?)answer.Body["config_version"]);
    }
}
