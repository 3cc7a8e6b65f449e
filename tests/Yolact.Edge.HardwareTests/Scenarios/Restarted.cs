using Yolact.Edge.HardwareTests.Benches;

namespace Yolact.Edge.HardwareTests.Scenarios;

[Trait("tier", "full")]
public sealed class Restarted(BenchFixture fixture) : Scenario(fixture, Capability.DriveInputs, Capability.ReadLines)
{
    [Fact]
    public async Task A_restart_in_order_is_a_new_run_and_no_failure()
    {
        Subscription seen = await SubscribeAsync();
        Message before = await FirstAnswerAsync(seen, _ => true);
        int process = await Appliance.ProcessAsync();
        (long asked, _) = await Appliance.ClocksAsync();
        await Appliance.SystemctlAsync("restart");
        double ready = await Appliance.ActiveSinceMsAsync() / 1000 - asked / 1e9;

        Assert.NotEqual(process, await Appliance.ProcessAsync());
        Message goodbye = await seen.WaitAsync(message => message.IsStatus("disconnected"), "the goodbye of the old run");
        await seen.WaitAsync(message => message.IsStatus("ready") && message.ArrivalNs > goodbye.ArrivalNs, "ready of the new run");
        Message answer = await FirstAnswerAsync(seen, message => message.Run != before.Run);
        // Edges are counted anew, and the frames of both runs are told apart by the run.
        Assert.InRange(answer.Edge!.Value, 1, 10);
        Assert.True(await Bench.GetAsync(BenchLine.Ready), "ready is not active after the restart");
        Assert.DoesNotContain(seen.Messages, message => message.IsStatus("lost") || message.IsEvent("run_failed"));
        Measured("asked to READY", ready, "s");
    }
}
