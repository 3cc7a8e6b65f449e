using Yolact.Edge.HardwareTests.Benches;

namespace Yolact.Edge.HardwareTests.Scenarios;

[Trait("tier", "full")]
public sealed class ConfigurationReboot(BenchFixture fixture) : Scenario(fixture, Capability.DriveInputs, Capability.PowerCut)
{
    [Fact]
    public async Task A_remote_configuration_that_proved_itself_survives_a_power_cut()
    {
        Subscription seen = await SubscribeAsync();
        await Appliance.DesireAsync("""{ "version": "7", "detections": { "profile": "full" } }""");
        await seen.ReportedAsync("7", "applied");
        // The broker shall not bring it again.
        await Appliance.DesireAsync(null);
        await Bench.CutPowerAsync();
        await Bench.PowerOnAsync();
        await Appliance.StartedAsync();
        seen = await SubscribeAsync();
        Message answer = await FirstAnswerAsync(seen, _ => true);
        Assert.Equal("7", (string?)answer.Body["config_version"]);
    }
}
