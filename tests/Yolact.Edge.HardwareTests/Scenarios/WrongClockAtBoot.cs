using System.Globalization;
using Yolact.Edge.HardwareTests.Benches;

namespace Yolact.Edge.HardwareTests.Scenarios;

/// <summary>A device whose battery is empty: it boots years ago, and a time daemon comes later.</summary>
[Trait("tier", "full")]
public sealed class WrongClockAtBoot(BenchFixture fixture) : Scenario(fixture, Capability.DriveInputs, Capability.PowerCut, Capability.SetClock)
{
    private static readonly DateTime EmptyBattery = new(2001, 1, 1, 0, 0, 0, DateTimeKind.Utc);

    [Fact]
    public async Task A_clock_that_is_wrong_at_boot_is_marked_until_it_is_right()
    {
        Subscription seen = await SubscribeAsync();
        Message old = await FirstAnswerAsync(seen, _ => true);
        await Shell.RunAsync("sync");
        await Bench.CutPowerAsync(EmptyBattery);
        DateTime now = DateTime.UtcNow;
        await Bench.PowerOnAsync();
        await Appliance.StartedAsync();
        seen = await SubscribeAsync();
        Message wrong = await FirstAnswerAsync(seen, message => message.Boot != old.Boot);
        Assert.False(wrong.IsSynchronised);
        // systemd moves a clock that is older than itself to the day on which it was built.
        Assert.True(wrong.Utc < now.AddDays(-1), $"the message says {wrong.Utc:u}");

        await Shell.RunAsync(string.Create(CultureInfo.InvariantCulture, $"date -s '{now:yyyy-MM-dd HH:mm:ss} UTC' >/dev/null && rig-clock sync"));
        Message? right = null;
        // The sandboxed program asks systemd, at most every 30 s.
        for (int tries = 0; tries < 15 && right is null; tries++)
        {
            await Shell.RunAsync("sleep 4");
            await Bench.PulseAsync(BenchLine.Trigger, new(1, 10));
            right = seen.Messages.FirstOrDefault(message => message.IsDetections && message.Boot == wrong.Boot && message.IsSynchronised);
        }
        Assert.True(right is not null, "no message says within a minute that the wall clock is right");
        Assert.InRange(right.Utc, now.AddHours(-1), now.AddHours(1));
        Message[] all = [.. seen.Messages.Where(message => message.AnswersEdge && message.Boot == wrong.Boot).DistinctBy(message => message.Id).OrderBy(message => message.Edge)];
        Assert.Equal(all.OrderBy(message => message.MonotonicNs), all);
        Assert.InRange(right.MonotonicNs - wrong.MonotonicNs, 0, 600_000_000_000);
    }
}
