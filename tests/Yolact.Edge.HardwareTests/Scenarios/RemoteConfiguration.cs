using Yolact.Edge.HardwareTests.Benches;

namespace Yolact.Edge.HardwareTests.Scenarios;

[Trait("tier", "short")]
public sealed class RemoteConfiguration(BenchFixture fixture) : Scenario(fixture, Capability.DriveInputs)
{
    [Fact]
    public async Task A_good_remote_configuration_runs_and_a_bad_one_is_refused_in_words()
    {
        Subscription seen = await SubscribeAsync();
        await Appliance.DesireAsync("""{ "version": "1", "detections": { "profile": "full" } }""");
        Message applied = await seen.ReportedAsync("1", "applied");
        Assert.Equal(200, (int)applied.Body["code"]!);

        await Appliance.DesireAsync("""{ "version": "2", "cameras": [ { "name": "cam0", "kind": "usb", "source": "/dev/video0", "fps": 0 } ] }""");
        Message refused = await seen.ReportedAsync("2", "rejected");
        Assert.Equal(400, (int)refused.Body["code"]!);
        Assert.Equal("1", (string?)refused.Body["applied_version"]);
        Assert.Contains(refused.Body["errors"]!.AsArray(), error => (string?)error!["pointer"] == "/cameras/0/fps");

        await Bench.PulseAsync(BenchLine.Trigger, new(1, 10));
        Message answer = await seen.WaitAsync(message => message.IsDetections, "detections");
        Assert.Equal("1", (string?)answer.Body["config_version"]);
    }
}
