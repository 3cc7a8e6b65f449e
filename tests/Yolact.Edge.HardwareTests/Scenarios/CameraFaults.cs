using Yolact.Edge.HardwareTests.Benches;

namespace Yolact.Edge.HardwareTests.Scenarios;

/// <summary>A camera that fails is told of, and comes back without a restart of the program.</summary>
[Trait("tier", "full")]
public sealed class CameraFaults(BenchFixture fixture) : Scenario(fixture, Capability.DriveInputs, Capability.CameraFaults)
{
    [Fact]
    public Task A_camera_that_freezes_is_told_of_and_comes_back() => JudgeAsync(CameraFault.Frozen);

    [Fact]
    public Task A_camera_whose_driver_fails_comes_back() => JudgeAsync(CameraFault.Erroring);

    private async Task JudgeAsync(CameraFault fault)
    {
        int process = await Appliance.ProcessAsync();
        Subscription seen = await SubscribeAsync();
        await Bench.PulseAsync(BenchLine.Trigger, new(1, 10));
        Message first = await seen.WaitAsync(message => message.IsDetections, "detections before");

        (long monotonic, long wall) = await Appliance.ClocksAsync();
        await Bench.FailCameraAsync(fault, fails: true);
        Message stalled = await seen.WaitAsync(message => message.IsEvent("camera_stalled"), "the event of the stall");
        if (fault == CameraFault.Frozen)
        {
            await seen.WaitAsync(message => message.IsStatus("degraded"), "status degraded");
            await Bench.PulseAsync(BenchLine.Trigger, new(1, 10));
            await seen.WaitAsync(message => message.IsEvent("unanswered_edge") && message.Edge == first.Edge + 1, "the report of an edge without a frame");
        }
        (long mended, _) = await Appliance.ClocksAsync();
        await Bench.FailCameraAsync(fault, fails: false);
        Message recovered = await seen.WaitAsync(message => message.IsEvent("camera_recovered"), "the event of the recovery");
        await seen.WaitAsync(message => message.IsStatus("ready") && message.ArrivalNs > stalled.ArrivalNs, "status ready again");
        await Bench.PulseAsync(BenchLine.Trigger, new(1, 10));
        await seen.WaitAsync(message => message.IsDetections && message.Edge > first.Edge && message.ArrivalNs > recovered.ArrivalNs, "detections afterwards");

        Assert.Equal(process, await Appliance.ProcessAsync());
        Measured("fault to event", (stalled.ArrivalNs - wall) / 1e9, "s");
        Measured("mended to event", (recovered.ArrivalNs - wall + monotonic - mended) / 1e9, "s");
    }
}
