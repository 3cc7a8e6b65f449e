using Yolact.Edge.HardwareTests.Benches;

namespace Yolact.Edge.HardwareTests.Scenarios;

[Trait("tier", "full")]
public sealed class CameraUnplugged(BenchFixture fixture) : Scenario(fixture, Capability.DriveInputs, Capability.CameraFaults)
{
    [Fact]
    public async Task A_camera_that_is_unplugged_is_told_of_and_comes_back()
    {
        int process = await Appliance.ProcessAsync();
        Subscription seen = await SubscribeAsync();
        await Bench.FailCameraAsync(CameraFault.Disconnected, fails: true);
        Message stalled = await seen.WaitAsync(message => message.IsEvent("camera_stalled"), "the event of the stall");
        await seen.WaitAsync(message => message.IsStatus("degraded"), "status degraded");
        await Bench.PulseAsync(BenchLine.Trigger, new(1, 10));
        await seen.WaitAsync(message => message.IsEvent("unanswered_edge"), "the report of an edge without a frame");

        // The last rung of the ladder: the program is started anew, and waits for its camera.
        await Appliance.RestartedAsync(process);
        await Appliance.StatusTextAsync(text => text.Contains("is waited for", StringComparison.Ordinal));
        await Bench.FailCameraAsync(CameraFault.Disconnected, fails: false);
        Message ready = await seen.WaitAsync(message => message.IsStatus("ready") && message.ArrivalNs > stalled.ArrivalNs, "status ready again");
        await FirstAnswerAsync(seen, message => message.ArrivalNs > ready.ArrivalNs);
    }
}
