using Yolact.Edge.HardwareTests.Benches;

namespace Yolact.Edge.HardwareTests.Scenarios;

[Trait("tier", "full")]
public sealed class Stopped(BenchFixture fixture) : Scenario(fixture, Capability.DriveInputs, Capability.ReadLines)
{
    [Fact]
    public async Task A_stop_in_order_says_so_and_leaves_lines_safe()
    {
        Subscription seen = await SubscribeAsync();
        // The stop comes between an edge and its pulse.
        await Bench.PulseAsync(BenchLine.Trigger, new(1, 10));
        Message answer = await seen.WaitAsync(message => message.IsDetections, "detections");
        (long before, _) = await Appliance.ClocksAsync();
        await Appliance.SystemctlAsync("stop");
        (long stopped, _) = await Appliance.ClocksAsync();

        await seen.WaitAsync(message => message.IsStatus("disconnected"), "the goodbye");
        Assert.DoesNotContain(seen.Messages.Select(message => (string?)message.Body["state"]), state => state == "lost");
        Assert.Equal("success", await Appliance.PropertyAsync("Result"));
        Assert.Equal("0", await Appliance.PropertyAsync("ExecMainStatus"));
        Assert.Contains("Safe: reject", await Appliance.JournalAsync(), StringComparison.Ordinal);
        foreach (BenchLine line in (BenchLine[])[BenchLine.Strobe, BenchLine.Busy, BenchLine.Ready, BenchLine.Reject])
            Assert.False(await Bench.GetAsync(line), $"{line} is active after the stop");

        await Appliance.SystemctlAsync("start");
        await seen.WaitAsync(message => message.IsStatus("ready") && message.ArrivalNs > answer.ArrivalNs, "ready after the start");
        Assert.True(await Bench.GetAsync(BenchLine.Ready));
        Measured("stop with its helper", (stopped - before) / 1e9, "s");
        Measured("start to READY", await Appliance.ActiveSinceMsAsync() / 1000 - stopped / 1e9, "s");
    }
}
