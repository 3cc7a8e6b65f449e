using Yolact.Edge.Capture.Triggers;
using static Yolact.Edge.Capture.Tests.Triggers.Traffic;

namespace Yolact.Edge.Capture.Tests.Triggers;

public class EdgeMatcherTests
{
    private static readonly TriggerOptions Options = new() { Mode = TriggerMode.Edge, Line = "barrier" };

    [Fact]
    public void The_first_frame_at_or_after_the_edge_answers_it()
    {
        var matcher = TriggerMatcher.Create(Options);
        matcher.AddFrame(Frame(1, 99));
        matcher.AddEdge(EdgeAt(1, 100));
        matcher.AddFrame(Frame(2, 100));
        matcher.AddFrame(Frame(3, 133));
        TriggerOutcome answer = Assert.Single(Drain(matcher), o => o.Kind == TriggerOutcomeKind.Answered);
        Assert.Equal((1, 2, 0), (answer.Edge.Id, answer.Frame.Sequence, answer.Index));
        Assert.Equal(TimeSpan.Zero, answer.Lag);
    }

    [Fact]
    public void A_late_edge_still_gets_the_frame_that_came_before_the_news_of_it()
    {
        var matcher = TriggerMatcher.Create(Options);
        matcher.AddFrame(Frame(1, 100 * Millisecond));
        matcher.AddFrame(Frame(2, 133 * Millisecond));
        matcher.Advance(new(149 * Millisecond));
        matcher.AddEdge(EdgeAt(1, 99 * Millisecond));
        Assert.Equal(1, Assert.Single(Drain(matcher), o => o.Kind == TriggerOutcomeKind.Answered).Frame.Sequence);
    }

    [Fact]
    public void An_edge_that_is_known_too_late_is_unanswered_rather_than_given_the_wrong_frame()
    {
        var matcher = TriggerMatcher.Create(Options);
        matcher.AddFrame(Frame(1, 100 * Millisecond));
        matcher.Advance(new(150 * Millisecond));
        matcher.AddFrame(Frame(2, 133 * Millisecond));
        matcher.AddEdge(EdgeAt(1, 99 * Millisecond));
        TriggerOutcome outcome = Assert.Single(Drain(matcher), o => o.Edge.Id == 1);
        Assert.Equal((TriggerOutcomeKind.Unanswered, TriggerReason.EdgeTooLate), (outcome.Kind, outcome.Reason));
    }

    [Fact]
    public void A_frame_answers_one_edge_and_the_other_is_an_overrun()
    {
        var matcher = TriggerMatcher.Create(Options);
        matcher.AddEdge(EdgeAt(1, 10));
        matcher.AddEdge(EdgeAt(2, 20));
        matcher.AddFrame(Frame(7, 30));
        List<TriggerOutcome> outcomes = Drain(matcher);
        Assert.Equal((TriggerOutcomeKind.Answered, 1L), (outcomes[0].Kind, outcomes[0].Edge.Id));
        Assert.Equal((TriggerOutcomeKind.FrameDone, 7L), (outcomes[1].Kind, outcomes[1].Frame.Sequence));
        Assert.Equal((TriggerOutcomeKind.Overrun, 2L, TriggerReason.FrameTaken), (outcomes[2].Kind, outcomes[2].Edge.Id, outcomes[2].Reason));
    }

    [Fact]
    public void A_shared_frame_answers_both()
    {
        var matcher = TriggerMatcher.Create(Options with { ShareFrames = true });
        matcher.AddEdge(EdgeAt(1, 10));
        matcher.AddEdge(EdgeAt(2, 20));
        matcher.AddFrame(Frame(7, 30));
        matcher.AddEdge(EdgeAt(3, 25));
        matcher.Advance(new(30 + (50 * Millisecond)));
        List<TriggerOutcome> outcomes = Drain(matcher);
        Assert.Equal([1, 2, 3], outcomes.Where(o => o.Kind == TriggerOutcomeKind.Answered).Select(o => o.Edge.Id));
        Assert.Equal((TriggerOutcomeKind.FrameDone, 3), (outcomes[^1].Kind, outcomes[^1].Index));
    }

    [Fact]
    public void Several_frames_an_edge_are_consecutive()
    {
        var matcher = TriggerMatcher.Create(Options with { FramesPerEdge = 3, DelayMs = 1 });
        matcher.AddEdge(EdgeAt(1, 0));
        for (int i = 0; i < 6; i++)
            matcher.AddFrame(Frame(i, i * Millisecond / 2));
        Assert.Equal([(2L, 0), (3L, 1), (4L, 2)],
            Drain(matcher).Where(o => o.Kind == TriggerOutcomeKind.Answered).Select(o => (o.Frame.Sequence, o.Index)));
    }

    [Fact]
    public void Without_a_frame_the_deadline_ends_the_waiting()
    {
        var matcher = TriggerMatcher.Create(Options with { FramesPerEdge = 2, DeadlineMs = 100 });
        matcher.AddEdge(EdgeAt(1, 0));
        matcher.AddFrame(Frame(1, 50 * Millisecond));
        matcher.Advance(new(150 * Millisecond));
        Assert.DoesNotContain(Drain(matcher), o => o.Kind == TriggerOutcomeKind.Unanswered);
        matcher.Advance(new((150 * Millisecond) + 1));
        TriggerOutcome outcome = Assert.Single(Drain(matcher));
        Assert.Equal((TriggerOutcomeKind.Unanswered, TriggerReason.DeadlinePassed, 1), (outcome.Kind, outcome.Reason, outcome.Index));
    }

    [Fact]
    public void Edges_closer_than_the_minimum_interval_and_edges_beyond_the_capacity_are_overruns()
    {
        var matcher = TriggerMatcher.Create(Options with { MinimumIntervalMs = 5, Capacity = 2 });
        matcher.AddEdge(EdgeAt(1, 0));
        matcher.AddEdge(EdgeAt(2, (5 * Millisecond) - 1));
        matcher.AddEdge(EdgeAt(3, 5 * Millisecond));
        matcher.AddEdge(EdgeAt(4, 10 * Millisecond));
        Assert.Equal([(2L, TriggerReason.TooSoon), (4L, TriggerReason.TooManyWaiting)], Drain(matcher).Select(o => (o.Edge.Id, o.Reason)));
    }

    [Fact]
    public void Arrival_times_are_moved_by_the_latency_and_their_meaning_is_passed_on()
    {
        var matcher = TriggerMatcher.Create(Options, TimeSpan.FromMilliseconds(40));
        matcher.AddEdge(EdgeAt(1, 100 * Millisecond));
        matcher.AddFrame(Frame(1, 130 * Millisecond, FrameTimeMeaning.Arrival, 10));
        matcher.AddFrame(Frame(2, 163 * Millisecond, FrameTimeMeaning.Arrival, 10));
        TriggerOutcome answer = Assert.Single(Drain(matcher), o => o.Kind == TriggerOutcomeKind.Answered);
        Assert.Equal((2, FrameTimeMeaning.Arrival), (answer.Frame.Sequence, answer.Frame.Time.Meaning));
        Assert.Equal(TimeSpan.FromMilliseconds(23), answer.Lag);
        Assert.True(answer.Ambiguous, "the frame before, 10 ms early, may have been the right one");
    }

    [Fact]
    public void Any_order_of_news_gives_each_edge_what_the_definition_says() =>
        Gen.Select(Traffic.Random(120), Gen.Double[0, 30], Gen.Int[1, 3], Gen.Bool, Gen.Bool).Sample(
            (traffic, delay, frames, share, limited) =>
            {
                TriggerOptions options = Options with
                {
                    DelayMs = delay,
                    FramesPerEdge = frames,
                    ShareFrames = share,
                    EdgeLatencyMs = 60,
                    MaximumLagMs = limited ? 40 : null,
                };
                List<TriggerOutcome> outcomes = traffic.Run(TriggerMatcher.Create(options));
                traffic.AssertFramesDone(outcomes);
                AssertEqualToDefinition(traffic, options, outcomes);
            }, iter: 150);

    [Fact]
    public void Matching_allocates_nothing_in_steady_state()
    {
        Traffic traffic = Make(new Random(1), 2000);
        var matcher = TriggerMatcher.Create(Options with { FramesPerEdge = 2, ShareFrames = true });
        Feed(matcher, traffic, 0, 500);
        long before = GC.GetAllocatedBytesForCurrentThread();
        Feed(matcher, traffic, 500, 2000);
        Assert.Equal(0, GC.GetAllocatedBytesForCurrentThread() - before);

        static void Feed(TriggerMatcher matcher, Traffic traffic, int from, int to)
        {
            for (int i = from; i < to; i++)
            {
                if (i < traffic.Frames.Count)
                    matcher.AddFrame(traffic.Frames[i].Frame);
                matcher.AddEdge(traffic.Edges[i].Edge);
                matcher.Advance(new(traffic.Edges[i].Known));
                while (matcher.TryTake(out _))
                {
                }
            }
        }
    }

    /// <summary>The definition, edge by edge, from all times at once: no queues, no order of arrival.</summary>
    private static void AssertEqualToDefinition(Traffic traffic, TriggerOptions options, List<TriggerOutcome> outcomes)
    {
        var taken = new HashSet<long>();
        ILookup<long, TriggerOutcome> byEdge = outcomes.Where(o => o.Kind != TriggerOutcomeKind.FrameDone).ToLookup(o => o.Edge.Id);
        foreach ((TriggerEdge edge, _) in traffic.Edges)
        {
            long target = edge.Time.Nanoseconds + (long)Math.Round(options.DelayMs * 1e6);
            var frames = traffic.Frames.Select(f => f.Frame).Where(f => f.Time.Time.Nanoseconds >= target)
                .Take(options.FramesPerEdge).ToList();
            TriggerOutcome[] got = [.. byEdge[edge.Id]];
            if (frames.Count == 0 || frames[0].Time.Time.Nanoseconds - target > (options.MaximumLagMs ?? 1e6) * 1e6)
            {
                Assert.Equal(TriggerOutcomeKind.Unanswered, Assert.Single(got).Kind);
            }
            else if (!options.ShareFrames && taken.Contains(frames[0].Sequence))
            {
                Assert.Equal(TriggerReason.FrameTaken, Assert.Single(got).Reason);
            }
            else
            {
                IEnumerable<TriggerOutcome> answers = got.Where(o => o.Kind == TriggerOutcomeKind.Answered);
                Assert.Equal(frames.Select((f, i) => (f.Sequence, i)), answers.Select(o => (o.Frame.Sequence, o.Index)));
                Assert.Equal(frames.Count < options.FramesPerEdge ? 1 : 0, got.Length - answers.Count());
                taken.UnionWith(frames.Select(f => f.Sequence));
            }
        }
    }
}
