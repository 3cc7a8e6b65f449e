using Yolact.Edge.Capture.Lines;
using Yolact.Edge.Capture.Triggers;

namespace Yolact.Edge.Capture.Tests.Triggers;

/// <summary>Edges and frames with the times at which they become known, and a run of a matcher over them.</summary>
internal sealed record Traffic(IReadOnlyList<(TriggerEdge Edge, long Known)> Edges, IReadOnlyList<(FrameStamp Frame, long Arrives)> Frames)
{
    public const long Millisecond = 1_000_000;

    public static TriggerEdge EdgeAt(long id, long time, LineEdge edge = LineEdge.Rising) => new(id, new(time), edge, id);

    public static FrameStamp Frame(
        long sequence, long start, FrameTimeMeaning meaning = FrameTimeMeaning.ExposureStart, double uncertaintyMs = 0) =>
        new(sequence, new(new(start), meaning, TimeSpan.FromMilliseconds(uncertaintyMs)));

    /// <summary>Random traffic: frames about every 33 ms, some lost; edges 5 to 1000 ms apart; each known after a delay of its own.</summary>
    public static Gen<Traffic> Random(int edges, int longestGapMs = 1000) => Gen.Int.Select(seed => Make(new Random(seed), edges, longestGapMs));

    public static Traffic Make(Random random, int count, int longestGapMs = 1000)
    {
        var edges = new List<(TriggerEdge, long)>();
        long time = 1000 * Millisecond;
        long known = 0;
        for (int i = 1; i <= count; i++)
        {
            // Log-uniform between 5 ms and the longest gap: as many fast stretches as slow ones.
            time += (long)(5 * Millisecond * Math.Pow(longestGapMs / 5.0, random.NextDouble()));
            known = Math.Max(known, time + random.NextInt64(20 * Millisecond));
            edges.Add((EdgeAt(i, time), known));
        }
        var frames = new List<(FrameStamp, long)>();
        long arrives = 0;
        for (long n = 0, start = 900 * Millisecond; start < time + (200 * Millisecond); n++)
        {
            start += (33 * Millisecond) + random.NextInt64(Millisecond);
            if (random.Next(50) == 0)
                continue;
            arrives = Math.Max(arrives, start + random.NextInt64(10 * Millisecond, 60 * Millisecond));
            frames.Add((Frame(n, start), arrives));
        }
        return new(edges, frames);
    }

    /// <summary>Feeds everything in the order in which it becomes known, advancing time in between.</summary>
    public List<TriggerOutcome> Run(TriggerMatcher matcher, bool stop = true)
    {
        var outcomes = new List<TriggerOutcome>();
        int e = 0;
        int f = 0;
        long now = 0;
        while (e < Edges.Count || f < Frames.Count)
        {
            if (f == Frames.Count || (e < Edges.Count && Edges[e].Known <= Frames[f].Arrives))
            {
                now = Edges[e].Known;
                matcher.AddEdge(Edges[e++].Edge);
            }
            else
            {
                now = Frames[f].Arrives;
                matcher.AddFrame(Frames[f++].Frame);
            }
            matcher.Advance(new(now));
            Drain(matcher, outcomes);
        }
        matcher.Advance(new(now + (5000 * Millisecond)));
        if (stop)
            matcher.Stop();
        Drain(matcher, outcomes);
        return outcomes;
    }

    public static List<TriggerOutcome> Drain(TriggerMatcher matcher, List<TriggerOutcome>? into = null)
    {
        into ??= [];
        while (matcher.TryTake(out TriggerOutcome outcome))
            into.Add(outcome);
        return into;
    }

    /// <summary>Every frame is done exactly once, after its answers, having answered as many edges as it says.</summary>
    public void AssertFramesDone(List<TriggerOutcome> outcomes)
    {
        var claims = new Dictionary<long, int>();
        var done = new HashSet<long>();
        foreach (TriggerOutcome outcome in outcomes)
        {
            if (outcome.Kind == TriggerOutcomeKind.Answered)
            {
                Assert.DoesNotContain(outcome.Frame.Sequence, done);
                claims[outcome.Frame.Sequence] = claims.GetValueOrDefault(outcome.Frame.Sequence) + 1;
            }
            else if (outcome.Kind == TriggerOutcomeKind.FrameDone)
            {
                Assert.True(done.Add(outcome.Frame.Sequence), "done twice");
                Assert.Equal(claims.GetValueOrDefault(outcome.Frame.Sequence), outcome.Index);
            }
        }
        Assert.Equal(Frames.Count, done.Count);
    }
}
