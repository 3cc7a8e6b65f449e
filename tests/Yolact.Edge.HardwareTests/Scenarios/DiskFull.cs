using Yolact.Edge.HardwareTests.Benches;

namespace Yolact.Edge.HardwareTests.Scenarios;

[Trait("tier", "full")]
public sealed class DiskFull(BenchFixture fixture) : Scenario(fixture, Capability.DriveInputs, Capability.FillDisk)
{
    [Fact]
    public async Task A_full_disk_is_told_of_and_frames_go_on()
    {
        Subscription seen = await SubscribeAsync();
        await Appliance.SystemctlAsync("stop");
        // No folder of the outbox, and no room for a new one. The last blocks are root's; this takes them as well.
        await Shell.RunAsync("rm -rf /var/lib/yolact-edge/outbox; dd if=/dev/zero of=/filled bs=1M 2>/dev/null; dd if=/dev/zero of=/filled2 bs=1k 2>/dev/null; sync; df --output=avail / | tail -n 1");
        Message stopped = seen.Messages.Last(message => message.Topic == "status");
        await Appliance.SystemctlAsync("start");
        await FirstAnswerAsync(seen, _ => true);
        await seen.WaitAsync(message => message.IsEvent("outbox_failed"), "the event of the full disk");
        Message degraded = await seen.WaitAsync(message => message.IsStatus("degraded") && message.ArrivalNs > stopped.ArrivalNs, "status degraded");
        Assert.NotEmpty(degraded.Body["reasons"]!.AsArray());

        (_, long freed) = await Appliance.ClocksAsync();
        await Shell.RunAsync("rm /filled /filled2");
        Message recovered = await seen.WaitAsync(message => message.IsEvent("outbox_recovered"), "the event of the recovery");
        await seen.WaitAsync(message => message.IsStatus("ready") && message.ArrivalNs > degraded.ArrivalNs, "status ready again");
        Measured("room again to outbox_recovered", (recovered.ArrivalNs - freed) / 1e9, "s");
    }
}
