using System.Globalization;
using Yolact.Edge.HardwareTests.Benches;

namespace Yolact.Edge.HardwareTests.Scenarios;

/// <summary>
/// Power cuts while messages and configurations are written. The broker is down, so that every promised message is in the outbox alone: after the
/// next boot it has to come from there. What was promised is what the busy line says: it falls when a message is on the disk.
/// </summary>
[Trait("tier", "full")]
public sealed class PowerCuts(BenchFixture fixture) : Scenario(fixture, Capability.DriveInputs, Capability.PowerCut, Capability.ReadLines, Capability.OwnBroker, Capability.EdgeTimes)
{
    private const int LongestMs = 4000;

    private static int Count => int.Parse(BenchFixture.Variable("HIL_CUTS"), CultureInfo.InvariantCulture);

    [Fact]
    public async Task Power_cuts_at_random_moments_lose_nothing_that_was_promised()
    {
        var random = new Random(7);
        int promised = 0;
        var boots = new List<double>();
        for (int cut = 0; cut < Count; cut++)
        {
            await Bench.ReadyAsync();
            promised += await CutAsync(cut, random.Next(500, LongestMs));
            boots.Add(await Appliance.ActiveSinceMsAsync() / 1000);
        }
        Measured("power cuts", Count, "");
        Measured("promised messages, all of which came", promised, "");
        Measured("kernel to READY after a cut, at most", boots.Max(), "s");
    }

    private async Task<int> CutAsync(int cut, int afterMs)
    {
        Subscription seen = await SubscribeAsync();
        // Under its own session of the bench the broker keeps what comes before the subscriber is back.
        await Shell.RunAsync("systemctl stop mosquitto && systemctl disable -q mosquitto && sync");
        await using LineWatch watch = await Bench.WatchAsync(30, BenchLine.Busy);
        Task pulses = Bench.PulseAsync(BenchLine.Trigger, new(200, 150));
        // Configurations come by the file as well, so that a cut may hit a start of the program; not in every round.
        await Task.Delay(afterMs);
        await Bench.CutPowerAsync();
        int promises = watch.Changes.Skip(1).Count(change => !change.Level);
        await Assert.ThrowsAnyAsync<Exception>(() => pulses);

        await Bench.PowerOnAsync();
        await Appliance.StartedAsync();
        Assert.Equal("0", await Shell.RunAsync("yolact-edge config validate >/dev/null 2>&1; echo $?"));
        await Shell.RunAsync("systemctl start mosquitto");
        seen = await SubscribeAsync();
        // An edge after the boot closes the row: its message comes after all that waited.
        await Bench.PulseAsync(BenchLine.Trigger, new(1, 10));
        string run = (string)(await seen.WaitAsync(message => message.IsStatus("ready"), "ready"))!.Body["run"]!;
        await seen.WaitAsync(message => message.IsDetections && message.Id.Contains(run, StringComparison.Ordinal), "detections after the boot");
        Message[] kept = [.. seen.Messages.Where(message => message.IsDetections && !message.Id.Contains(run, StringComparison.Ordinal)).DistinctBy(message => message.Id)];
        // A message that was on the disk before its line fell may be there without a fall that anybody saw; not the other way round.
        Assert.True(kept.Length >= promises, $"cut {cut} after {afterMs} ms: {promises} messages were promised, {kept.Length} came");
        long[] edges = [.. kept.Select(message => message.Edge!.Value)];
        Assert.Equal(edges.Order(), edges);
        return promises;
    }
}
