using Yolact.Edge.HardwareTests.Benches;

namespace Yolact.Edge.HardwareTests.Scenarios;

[Trait("tier", "full")]
public sealed class ClockSteps(BenchFixture fixture) : Scenario(fixture, Capability.DriveInputs, Capability.EdgeTimes, Capability.SetClock)
{
    private int _edges;

    [Fact]
    public async Task A_wall_clock_that_steps_by_years_moves_no_time_that_matters()
    {
        Subscription seen = await SubscribeAsync();
        Message before = await AnswerAsync(seen, synchronised: false);

        await Shell.RunAsync("rig-clock sync");
        Message synchronised = await AnswerAsync(seen, synchronised: true);

        await Shell.RunAsync("date -s '+5 years' >/dev/null");
        Message ahead = await AnswerAsync(seen, synchronised: false);
        await Shell.RunAsync("date -s '-10 years' >/dev/null");
        Message behind = await AnswerAsync(seen, synchronised: false);
        Assert.InRange((ahead.Utc - synchronised.Utc).TotalDays, 4.9 * 365, 5.1 * 365);
        Assert.InRange((behind.Utc - ahead.Utc).TotalDays, -10.1 * 365, -9.9 * 365);

        Message[] all = [before, synchronised, ahead, behind];
        long[] times = [.. all.Select(message => message.MonotonicNs)];
        Assert.Equal(times.Order(), times);
        Assert.InRange(times[^1] - times[0], 0, 600_000_000_000);
        Assert.Empty(seen.Messages.Where(message => message.Topic == "events").Select(message => $"{message}"));
    }

    // The sandboxed program asks systemd, at most every 30 s: what it says of the clock may be that old.
    private async Task<Message> AnswerAsync(Subscription seen, bool synchronised)
    {
        for (int tries = 0; tries < 15; tries++)
        {
            MadeEdge edge = (await Bench.PulseAsync(BenchLine.Trigger, new(1, 10)))[0];
            Message answer = (await seen.WaitAsync(++_edges, message => message.IsDetections, "detections"))[^1];
            Assert.InRange((long)answer.Body["trigger"]!["edge_time_ns"]!, edge.Before, edge.After + 200_000);
            if (answer.IsSynchronised == synchronised)
                return answer;
            await Shell.RunAsync("sleep 4");
        }
        throw new TimeoutException($"no message says within a minute that the wall clock is{(synchronised ? "" : " not")} synchronised");
    }
}
