using Yolact.Edge.HardwareTests.Benches;

namespace Yolact.Edge.HardwareTests.Scenarios;

[Trait("tier", "full")]
public sealed class Watchdog(BenchFixture fixture) : Scenario(fixture, Capability.DriveInputs)
{
    /// <summary>The unit's WatchdogSec and RestartSec, its helper's time, and a start of the program; not more.</summary>
    private const double LongestSeconds = 30 + 2 + 60;

    [Fact]
    public async Task A_program_that_hangs_is_restarted_by_the_watchdog()
    {
        Subscription seen = await SubscribeAsync();
        int process = await Appliance.ProcessAsync();
        (long hung, long wall) = await Appliance.ClocksAsync();
        await Shell.RunAsync($"kill -STOP {process}");
        await Appliance.RestartedAsync(process);

        Assert.Contains("Watchdog timeout", await Appliance.JournalAsync(), StringComparison.Ordinal);
        Message lost = await seen.WaitAsync(message => message.IsStatus("lost"), "the last will");
        await seen.WaitAsync(message => message.IsStatus("ready") && message.ArrivalNs > lost.ArrivalNs, "ready after the restart");
        Message failed = await seen.WaitAsync(message => message.IsEvent("run_failed"), "the reason, told by the next run");
        Assert.Contains("(watchdog)", (string?)failed.Body["message"], StringComparison.Ordinal);
        await FirstAnswerAsync(seen, message => message.ArrivalNs > lost.ArrivalNs);
        double seconds = await Appliance.ActiveSinceMsAsync() / 1000 - hung / 1e9;
        Assert.InRange(seconds, 0, LongestSeconds);
        Measured("hung to last will", (lost.ArrivalNs - wall) / 1e9, "s");
        Measured("hung to READY", seconds, "s");
    }
}
