using Yolact.Edge.Capture.Lines;
using Yolact.Edge.Capture.Triggers;
using static Yolact.Edge.Capture.Tests.Triggers.Traffic;

namespace Yolact.Edge.Capture.Tests.Triggers;

public class GateMatcherTests
{
    private static readonly TriggerOptions Options = new() { Mode = TriggerMode.Gate, Line = "door" };

    [Fact]
    public void Frames_that_start_while_the_gate_is_open_answer_the_opening_edge()
    {
        var matcher = TriggerMatcher.Create(Options);
        for (int i = 0; i < 6; i++)
            matcher.AddFrame(Frame(i, i * 10));
        matcher.AddEdge(EdgeAt(1, 10));
        matcher.AddEdge(EdgeAt(2, 40, LineEdge.Falling));
        matcher.Advance(new(100 * Millisecond));
        List<TriggerOutcome> outcomes = Drain(matcher);
        Assert.Equal([(1L, 1L, 0), (1L, 2L, 1), (1L, 3L, 2)],
            outcomes.Where(o => o.Kind == TriggerOutcomeKind.Answered).Select(o => (o.Edge.Id, o.Frame.Sequence, o.Index)));
        Assert.Equal(6, outcomes.Count(o => o.Kind == TriggerOutcomeKind.FrameDone));
    }

    [Fact]
    public void A_frame_waits_until_the_closing_edge_could_be_known()
    {
        var matcher = TriggerMatcher.Create(Options with { EdgeLatencyMs = 20 });
        matcher.AddEdge(EdgeAt(1, 0));
        matcher.AddFrame(Frame(1, 10 * Millisecond));
        matcher.Advance(new((30 * Millisecond) - 1));
        Assert.Empty(Drain(matcher));
        matcher.Advance(new(30 * Millisecond));
        Assert.Equal(TriggerOutcomeKind.Answered, Drain(matcher)[0].Kind);
    }

    [Fact]
    public void A_gate_without_a_frame_is_unanswered()
    {
        var matcher = TriggerMatcher.Create(Options);
        matcher.AddEdge(EdgeAt(1, 10));
        matcher.AddEdge(EdgeAt(2, 20, LineEdge.Falling));
        matcher.AddFrame(Frame(1, 20));
        matcher.AddEdge(EdgeAt(3, 30));
        matcher.AddEdge(EdgeAt(4, 40, LineEdge.Falling));
        matcher.Advance(new(2000 * Millisecond));
        Assert.Equal([(1L, TriggerReason.GateTooShort), (3L, TriggerReason.DeadlinePassed)],
            Drain(matcher).Where(o => o.Kind == TriggerOutcomeKind.Unanswered).Select(o => (o.Edge.Id, o.Reason)));
    }

    [Fact]
    public void Any_order_of_news_gives_every_frame_to_the_gate_it_lies_in() =>
        Traffic.Random(100, 300).Sample(random =>
        {
            // Odd edges open, even ones close.
            Traffic traffic = random with
            {
                Edges = [.. random.Edges.Select(e => (e.Edge with { Edge = e.Edge.Id % 2 == 1 ? LineEdge.Rising : LineEdge.Falling }, e.Known))],
            };
            List<TriggerOutcome> outcomes = traffic.Run(TriggerMatcher.Create(Options with { EdgeLatencyMs = 60 }));
            traffic.AssertFramesDone(outcomes);
            for (int i = 0; i + 1 < traffic.Edges.Count; i += 2)
            {
                long from = traffic.Edges[i].Edge.Time.Nanoseconds;
                long to = traffic.Edges[i + 1].Edge.Time.Nanoseconds;
                var inside = traffic.Frames.Select(f => f.Frame)
                    .Where(f => f.Time.Time.Nanoseconds >= from && f.Time.Time.Nanoseconds < to).Select((f, n) => (f.Sequence, n)).ToList();
                var got = outcomes.Where(o => o.Edge.Id == traffic.Edges[i].Edge.Id).ToList();
                if (inside.Count == 0)
                    Assert.Equal(TriggerOutcomeKind.Unanswered, Assert.Single(got).Kind);
                else
                    Assert.Equal(inside, got.Select(o => (o.Frame.Sequence, o.Index)));
            }
        }, iter: 100);
}
