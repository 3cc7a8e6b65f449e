using Yolact.Edge.Capture.Triggers;
using static Yolact.Edge.Capture.Tests.Triggers.Traffic;

namespace Yolact.Edge.Capture.Tests.Triggers;

public class HardwareMatcherTests
{
    private static readonly TriggerOptions Options = new() { Mode = TriggerMode.Hardware, Line = "trigger", ToleranceMs = 2, DelayMs = 1 };

    [Fact]
    public void After_a_lost_frame_or_a_lost_edge_the_pairing_goes_on()
    {
        var matcher = TriggerMatcher.Create(Options);
        foreach (int n in new[] { 0, 1, 2, 4, 5 })
            matcher.AddEdge(EdgeAt(n, n * 10 * Millisecond));
        foreach (int n in new[] { 0, 2, 3, 4, 5 })
            matcher.AddFrame(Frame(n, ((n * 10) + 1) * Millisecond));
        List<TriggerOutcome> outcomes = Drain(matcher);
        Assert.Equal([(0L, 0L), (2L, 2L), (4L, 4L), (5L, 5L)],
            outcomes.Where(o => o.Kind == TriggerOutcomeKind.Answered).Select(o => (o.Edge.Id, o.Frame.Sequence)));
        Assert.Equal((1L, TriggerReason.FrameLost), outcomes.Where(o => o.Kind == TriggerOutcomeKind.Unanswered).Select(o => (o.Edge.Id, o.Reason)).Single());
        Assert.Equal(3, Assert.Single(outcomes, o => o.Kind == TriggerOutcomeKind.FrameDone && o.Index == 0).Frame.Sequence);
    }

    [Fact]
    public void Where_times_cannot_tell_a_gap_in_the_sequence_does()
    {
        var matcher = TriggerMatcher.Create(Options with { ToleranceMs = 100 });
        for (int n = 0; n < 4; n++)
            matcher.AddEdge(EdgeAt(n, n * 10 * Millisecond));
        foreach (int n in new[] { 0, 2, 3 })
            matcher.AddFrame(Frame(n, ((n * 10) + 30) * Millisecond, FrameTimeMeaning.Arrival));
        Assert.Equal([(0L, 0L), (2L, 2L), (3L, 3L)],
            Drain(matcher).Where(o => o.Kind == TriggerOutcomeKind.Answered).Select(o => (o.Edge.Id, o.Frame.Sequence)));
    }

    [Fact]
    public void A_frame_without_an_edge_is_let_go_and_an_edge_without_a_frame_is_unanswered()
    {
        var matcher = TriggerMatcher.Create(Options);
        matcher.AddFrame(Frame(0, 0));
        matcher.Advance(new(51 * Millisecond));
        Assert.Equal(TriggerOutcomeKind.FrameDone, Assert.Single(Drain(matcher)).Kind);
        matcher.AddEdge(EdgeAt(1, 60 * Millisecond));
        matcher.Advance(new(1062 * Millisecond));
        Assert.Equal(TriggerReason.DeadlinePassed, Assert.Single(Drain(matcher)).Reason);
    }

    [Fact]
    public void Whatever_is_lost_no_edge_gets_another_edges_frame() =>
        Gen.Int.Sample(seed =>
        {
            var random = new Random(seed);
            var edges = new List<(TriggerEdge, long)>();
            var frames = new List<(FrameStamp, long)>();
            long time = 0;
            long known = 0;
            long arrives = 0;
            var whole = new HashSet<long>();
            for (int n = 1; n <= 300; n++)
            {
                time += random.NextInt64(6 * Millisecond, 60 * Millisecond);
                bool edgeKept = random.Next(20) != 0;
                bool frameKept = random.Next(20) != 0;
                known = Math.Max(known, time + random.NextInt64(15 * Millisecond));
                arrives = Math.Max(arrives, time + random.NextInt64(30 * Millisecond, 90 * Millisecond));
                if (edgeKept)
                    edges.Add((EdgeAt(n, time), known));
                if (frameKept)
                    frames.Add((Frame(n, time + Millisecond + random.NextInt64(-Millisecond, Millisecond)), arrives));
                if (edgeKept && frameKept)
                    whole.Add(n);
            }
            var traffic = new Traffic(edges, frames);
            List<TriggerOutcome> outcomes = traffic.Run(TriggerMatcher.Create(Options));
            traffic.AssertFramesDone(outcomes);
            var answered = outcomes.Where(o => o.Kind == TriggerOutcomeKind.Answered).ToList();
            Assert.All(answered, o => Assert.Equal(o.Edge.Id, o.Frame.Sequence));
            Assert.Equal(whole, answered.Select(o => o.Edge.Id).ToHashSet());
            Assert.Equal(edges.Count, outcomes.Count(o => o.Kind is not TriggerOutcomeKind.FrameDone));
        }, iter: 100);
}
