using Yolact.Edge.HardwareTests.Benches;

namespace Yolact.Edge.HardwareTests.Scenarios;

/// <summary>
/// The broker is down, so that a promised message is in the outbox alone, and has to come from there after the next boot. What was promised is what
/// the busy line says: it falls when a message is on the disk.
/// </summary>
[Trait("tier", "full")]
public sealed class PowerCutsOfMessages(BenchFixture fixture) : PowerCuts(fixture, Capability.DriveInputs, Capability.ReadLines)
{
    [Fact]
    public Task Power_cuts_while_messages_are_written_lose_none_that_was_promised() => CutAsync(TimeSpan.FromSeconds(6), BeginAsync, Promised, JudgeAsync);

    private static int Promised(IAsyncDisposable writing) => ((LineWatch)writing).Changes.Skip(1).Count(change => !change.Level);

    private async Task<IAsyncDisposable> BeginAsync()
    {
        // The broker keeps the bench's session, and so what comes before the subscriber is back.
        await SubscribeAsync();
        await Shell.RunAsync("systemctl stop mosquitto && systemctl disable -q mosquitto && sync");
        LineWatch watch = await Bench.WatchAsync(60, BenchLine.Busy);
        _ = PulseUntilTheCutAsync();
        return watch;
    }

    private async Task PulseUntilTheCutAsync()
    {
        try
        {
            await Bench.PulseAsync(BenchLine.Trigger, new(1000, 150));
        }
        catch (InvalidOperationException)
        {
            // The power was cut.
        }
    }

    private async Task JudgeAsync(int promised)
    {
        string boot = await Shell.RunAsync("cat /proc/sys/kernel/random/boot_id");
        await Shell.RunAsync("systemctl start mosquitto");
        Subscription seen = await SubscribeAsync();
        // An edge after the boot closes the row: its message comes after all that waited.
        await seen.WaitAsync(message => message.IsStatus("ready") && message.Boot == boot, "ready");
        await FirstAnswerAsync(seen, message => message.Boot == boot);
        Message[] kept = [.. seen.Messages.Where(message => message.IsDetections && message.Boot != boot).DistinctBy(message => message.Id)];
        // One that was on the disk when the power went may have come without a fall that anybody saw; not the other way round.
        Assert.True(kept.Length >= promised, $"{promised} messages were promised, {kept.Length} came");
        long[] edges = [.. kept.Select(message => message.Edge!.Value)];
        Assert.Equal(edges.Order(), edges);
    }
}
