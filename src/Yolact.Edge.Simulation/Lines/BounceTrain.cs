using Yolact.Edge.Capture.Lines;
using Yolact.Edge.Imaging;
using Yolact.Edge.Simulation.World;

namespace Yolact.Edge.Simulation.Lines;

/// <summary>Turns clean edges into what a bouncing contact gives: after each edge a few short returns to the old level.</summary>
internal static class BounceTrain
{
    private const ulong BounceStreamId = 5;

    /// <summary>The raw edges in order; with no bounces the clean ones.</summary>
    public static IEnumerable<(MonotonicTime Time, LineEdge Edge)> Of(IEnumerable<BarrierEdge> edges,
        BeltInputLineOptions options, ulong seed)
    {
        BarrierEdge? held = null;
        foreach (BarrierEdge edge in edges)
        {
            if (held is { } before)
            {
                foreach ((MonotonicTime, LineEdge) raw in Bounce(before, edge.Time, options, seed))
                    yield return raw;
            }
            held = edge;
        }
        if (held is { } last)
            yield return (last.Time, DirectionOf(last.Rising));
    }

    private static IEnumerable<(MonotonicTime, LineEdge)> Bounce(BarrierEdge edge, MonotonicTime next,
        BeltInputLineOptions options, ulong seed)
    {
        yield return (edge.Time, DirectionOf(edge.Rising));
        if (options.MaxBounces == 0)
            yield break;
        var random = new SeededRandom(SeededRandom.Derive(seed, BounceStreamId, (edge.PartId * 2) + (edge.Rising ? 0 : 1)));
        int flips = 2 * random.Next(options.MaxBounces + 1);
        double window = Math.Min(options.BounceMs * 1e6, (next.Nanoseconds - edge.Time.Nanoseconds) / 2.0);
        long time = edge.Time.Nanoseconds;
        for (int i = 0; i < flips; i++)
        {
            // Even shares of the window, each cut short at random: in order, and over before the window is.
            long at = edge.Time.Nanoseconds + (long)(window * (i + random.Range(0.2, 1)) / flips);
            time = Math.Max(time, at);
            yield return (new(time), DirectionOf(edge.Rising == (i % 2 == 1)));
        }
    }

    private static LineEdge DirectionOf(bool rising) => rising ? LineEdge.Rising : LineEdge.Falling;
}
