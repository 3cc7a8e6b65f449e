using Yolact.Edge.HardwareTests.Benches;

namespace Yolact.Edge.HardwareTests.Scenarios;

[Trait("tier", "short")]
public sealed class Killed(BenchFixture fixture) : Scenario(fixture, Capability.DriveInputs, Capability.ReadLines)
{
    [Fact]
    public async Task Kill_9_leaves_lines_safe_and_the_appliance_comes_back()
    {
        Subscription seen = await SubscribeAsync();
        await Bench.PulseAsync(BenchLine.Trigger, new(1, 10));
        Message before = await seen.WaitAsync(message => message.IsDetections, "detections before the kill");
        int process = await Appliance.ProcessAsync();
        (long killed, _) = await Appliance.ClocksAsync();
        await Shell.RunAsync($"kill -9 {process}");

        await seen.WaitAsync(message => message.IsStatus("lost"), "the last will");
        await Appliance.RestartedAsync(process);
        string journal = await Appliance.JournalAsync();
        Assert.Contains("status=9/KILL", journal, StringComparison.Ordinal);
        // A line that nobody holds goes back by itself on the guest's chip: only the journal tells that the helper was there.
        Assert.Contains("Safe: strobe", journal, StringComparison.Ordinal);
        foreach (BenchLine line in (BenchLine[])[BenchLine.Strobe, BenchLine.Busy, BenchLine.Reject])
            Assert.False(await Bench.GetAsync(line));
        Assert.True(await Bench.GetAsync(BenchLine.Ready), "ready is not active after the restart");

        await seen.WaitAsync(message => message.IsStatus("ready") && (string?)message.Body["run"] != before.Run, "ready of the next run");
        Message failed = await seen.WaitAsync(message => message.IsEvent("run_failed"), "the reason, told by the next run");
        Assert.Contains("signal KILL", (string?)failed.Body["message"], StringComparison.Ordinal);
        await FirstAnswerAsync(seen, message => message.Run != before.Run);
        Measured("killed to ready", await Appliance.ActiveSinceMsAsync() / 1000 - killed / 1e9, "s");
    }
}
