using System.Text.Json.Nodes;
using Yolact.Edge.HardwareTests.Benches;

namespace Yolact.Edge.HardwareTests.Scenarios;

/// <summary>Every edge is answered once or reported, by the right frame, whatever their rate and however the contact bounces.</summary>
public abstract class Edges(BenchFixture fixture) : Scenario(fixture, Capability.DriveInputs, Capability.EdgeTimes, Capability.CameraGrid)
{
    // vivid at 25 frames a second.
    private const long FramePeriodNs = 40_000_000;

    /// <summary>A frame is stamped by a thread of the kernel, which may have to wait for the processor.</summary>
    private const long StampToleranceNs = 10_000_000;

    /// <summary>From the line's change to the interrupt's time: the same system call makes both.</summary>
    private const long InterruptNs = 200_000;

    /// <summary>Makes edges and judges what is said about them.</summary>
    /// <returns>How many a frame answered.</returns>
    protected async Task<int> JudgeAsync(PulseTrain train)
    {
        ArgumentNullException.ThrowIfNull(train);
        Subscription seen = await SubscribeAsync();
        (long monotonic, long wall) = await Appliance.ClocksAsync();
        IReadOnlyList<MadeEdge> made = await Bench.PulseAsync(BenchLine.Trigger, train);
        Message[] said = await seen.WaitAsync(train.Count, message => message.AnswersEdge, $"{train.Count} answers");

        Assert.Equal(train.Count, made.Count);
        Assert.Equal(train.Count, said.Length);
        long first = said.Min(message => message.Edge!.Value);
        Assert.Equal(Enumerable.Range(0, train.Count).Select(i => first + i), said.Select(message => message.Edge!.Value).Order());
        // Reported: its frame answers another edge; or the driver lost the frame (maximum_lag_ms of the bench's configuration).
        Assert.Empty(seen.Messages.Where(message => message.IsEvent("edges_missed")).Select(message => $"{message}"));

        Message[] answers = [.. said.Where(message => message.IsDetections).OrderBy(message => message.Edge)];
        JudgeTimes(answers, index => made[(int)(answers[index].Edge!.Value - first)]);
        Percentiles("edge to frame", answers.Select(answer => (long)answer.Body["trigger"]!["frame_minus_edge_ns"]!));
        Percentiles("edge to message", answers.Select(answer => answer.MonotonicNs - EdgeTime(answer)));
        Percentiles("edge to subscriber", answers.Select(answer => answer.ArrivalNs - wall + monotonic - EdgeTime(answer)));
        return answers.Length;
    }

    private static long EdgeTime(Message answer) => (long)answer.Body["trigger"]!["edge_time_ns"]!;

    private static void JudgeTimes(Message[] answers, Func<int, MadeEdge> made)
    {
        JsonNode origin = answers[0].Body["frame"]!;
        for (int i = 0; i < answers.Length; i++)
        {
            JsonNode frame = answers[i].Body["frame"]!, trigger = answers[i].Body["trigger"]!;
            long edge = EdgeTime(answers[i]);
            // The kernel's time lies between those that were taken around the change; times and edges have one order.
            Assert.InRange(edge, made(i).Before, made(i).After + InterruptNs);
            // The camera's own number says where on its grid of 40 ms a frame belongs.
            long number = (long)frame["sequence"]! - (long)origin["sequence"]!;
            long expected = (long)origin["time_ns"]! + number * FramePeriodNs;
            Assert.InRange((long)frame["time_ns"]! - expected, -StampToleranceNs, StampToleranceNs);
            // The first frame at or after the edge: the one before began earlier than it.
            long lag = (long)trigger["frame_minus_edge_ns"]!;
            Assert.Equal((long)frame["time_ns"]! - edge, lag);
            Assert.InRange(lag, 0, FramePeriodNs + StampToleranceNs);
        }
    }

    private void Percentiles(string what, IEnumerable<long> times)
    {
        long[] sorted = [.. times.Order()];
        Measured($"{what} p50", sorted[sorted.Length / 2] / 1e6, "ms");
        Measured("p95", sorted[Math.Min(sorted.Length - 1, sorted.Length * 95 / 100)] / 1e6, "ms");
    }
}
