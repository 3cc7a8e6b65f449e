using System.Text.Json.Nodes;
using Yolact.Edge.HardwareTests.Benches;

namespace Yolact.Edge.HardwareTests.Scenarios;

[Trait("tier", "short")]
public sealed class OutputLines(BenchFixture fixture) : Scenario(fixture, Capability.DriveInputs, Capability.EdgeTimes, Capability.ReadLines)
{
    /// <summary>
    /// While the guest sleeps its clock follows the host's: on a busy host a pulse is seen late by what the host was late. Less than the pulses'
    /// deadline, and than half of their length.
    /// </summary>
    private const long LatenessNs = 35_000_000;

    private const long StrobeDelayNs = 2_000_000, RejectDelayNs = 500_000_000, PulseNs = 100_000_000;

    private const string Pulses = """
        {
          "version": "1",
          "lines": { "strobe": { "line": "strobe", "delay_ms": 2, "pulse_ms": 100, "deadline_ms": 50 } },
          "rules": [ { "name": "any", "conditions": [ { "min_count": 0 } ],
                       "output": { "line": "reject", "delay_ms": 500, "pulse_ms": 100, "deadline_ms": 50 } } ]
        }
        """;

    [Fact]
    public async Task Lines_follow_an_edge_in_order_and_in_time()
    {
        Subscription seen = await SubscribeAsync();
        await Appliance.DesireAsync(Pulses);
        await seen.ReportedAsync("1", "applied");
        await using LineWatch watch = await Bench.WatchAsync(3, BenchLine.Strobe, BenchLine.Busy, BenchLine.Ready, BenchLine.Reject);
        MadeEdge edge = (await Bench.PulseAsync(BenchLine.Trigger, new(1, 10)))[0];
        LineChange[] changes = await watch.EndAsync();
        Message answer = await seen.WaitAsync(message => message.IsDetections, "the detections");
        JsonNode trigger = answer.Body["trigger"]!, result = answer.Body["result"]!["any"]!;
        long edgeTime = (long)trigger["edge_time_ns"]!;

        // Before the edge: ready, and nothing else; ready it stays.
        Assert.Equal([(BenchLine.Strobe, false), (BenchLine.Busy, false), (BenchLine.Ready, true), (BenchLine.Reject, false)],
            changes.Take(4).Select(change => (change.Line, change.Level)));
        Assert.DoesNotContain(changes.Skip(4), change => change.Line == BenchLine.Ready);
        (long lit, long dark) = PulseOf(changes, BenchLine.Strobe);
        (long busy, long free) = PulseOf(changes, BenchLine.Busy);
        (long rejected, long let) = PulseOf(changes, BenchLine.Reject);

        AssertPulse(lit, dark, edgeTime + StrobeDelayNs);
        Assert.True(busy > edge.Before, "busy came before the edge");
        Assert.True(lit < rejected && free < rejected, "the ejector came before the light, or while the frame was on its way");
        // Busy falls when the message is on the disk: not before it was made.
        Assert.True(free > answer.MonotonicNs, "busy fell before the message was made");
        Assert.False((bool)result["late"]!);
        Assert.Equal(edgeTime + RejectDelayNs, (long)result["pulse_at_ns"]!);
        AssertPulse(rejected, let, edgeTime + RejectDelayNs);

        Measured("strobe late by", (lit - edgeTime - StrobeDelayNs) / 1e6, "ms");
        Measured("edge to busy", (busy - edgeTime) / 1e6, "ms");
        Measured("busy for", (free - busy) / 1e6, "ms");
        Measured("reject late by", (rejected - edgeTime - RejectDelayNs) / 1e6, "ms");
    }

    private static (long Start, long End) PulseOf(LineChange[] changes, BenchLine line)
    {
        LineChange[] own = [.. changes.Where(change => change.Line == line).Skip(1)];
        Assert.Equal([true, false], own.Select(change => change.Level));
        return (own[0].Time, own[1].Time);
    }

    private static void AssertPulse(long start, long end, long due)
    {
        Assert.InRange(start - due, 0, LatenessNs);
        Assert.InRange(end - start, PulseNs - LatenessNs, PulseNs + LatenessNs);
    }
}
