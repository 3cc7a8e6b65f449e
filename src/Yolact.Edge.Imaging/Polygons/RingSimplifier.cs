using System.Runtime.InteropServices;

namespace Yolact.Edge.Imaging.Polygons;

/// <summary>
/// Fewer corners for a ring (Douglas and Peucker 1973, best first): starts with the first corner and the one farthest from it, and always adds
/// the corner that lies farthest from the outline so far, until none is farther than the tolerance or as many as allowed are there.
/// Reusable: in steady state it allocates nothing. Not safe for use from several threads.
/// </summary>
public sealed class RingSimplifier
{
    private readonly PriorityQueue<(int From, int To, int Farthest), double> _segments = new();
    private readonly List<int> _kept = [];
    private readonly List<PixelPoint> _points = [];

    /// <summary>A ring of few of the corners of <paramref name="ring"/>, in their order.</summary>
    /// <param name="ring">At least 3 corners.</param>
    /// <param name="tolerance">How far a left-out corner may lie from the new outline, in px, at least 0. With 0 only corners on a straight line
    /// go. At least 3 corners always stay.</param>
    /// <param name="maxPoints">The most corners to keep, at least 3; where it ends the search, corners may lie farther away than the tolerance.</param>
    /// <returns>The kept corners; valid until the next call.</returns>
    public ReadOnlySpan<PixelPoint> Simplify(ReadOnlySpan<PixelPoint> ring, double tolerance, int maxPoints = int.MaxValue)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(ring.Length, 3, nameof(ring));
        ArgumentOutOfRangeException.ThrowIfLessThan(maxPoints, 3);
        ArgumentOutOfRangeException.ThrowIfNegative(tolerance);
        _segments.Clear();
        _kept.Clear();
        int opposite = FarthestFromFirst(ring);
        _kept.Add(0);
        _kept.Add(opposite);
        Push(ring, 0, opposite);
        Push(ring, opposite, ring.Length);
        while (_kept.Count < maxPoints && _segments.TryDequeue(out (int From, int To, int Farthest) next, out double nearness))
        {
            if (-nearness <= tolerance && _kept.Count >= 3)
                break;
            _kept.Add(next.Farthest);
            Push(ring, next.From, next.Farthest);
            Push(ring, next.Farthest, next.To);
        }

        _kept.Sort();
        _points.Clear();
        foreach (int index in _kept)
            _points.Add(ring[index]);
        return CollectionsMarshal.AsSpan(_points);
    }

    private static int FarthestFromFirst(ReadOnlySpan<PixelPoint> ring)
    {
        int farthest = 1;
        long best = -1;
        for (int i = 1; i < ring.Length; i++)
        {
            long dx = ring[i].X - ring[0].X, dy = ring[i].Y - ring[0].Y;
            long squared = (dx * dx) + (dy * dy);
            if (squared > best)
                (best, farthest) = (squared, i);
        }
        return farthest;
    }

    /// <summary>Queues the corners between two kept ones, by the one farthest from the line between them.</summary>
    private void Push(ReadOnlySpan<PixelPoint> ring, int from, int to)
    {
        PixelPoint a = ring[from], b = ring[to == ring.Length ? 0 : to];
        double farthestDistance = -1;
        int farthest = -1;
        for (int i = from + 1; i < to; i++)
        {
            double distance = Distance(ring[i], a, b);
            if (distance > farthestDistance)
                (farthestDistance, farthest) = (distance, i);
        }
        if (farthest >= 0)
            _segments.Enqueue((from, to, farthest), -farthestDistance);
    }

    /// <summary>From a point to the segment a..b (not to the line through it: a ring may run back beyond its ends).</summary>
    private static double Distance(PixelPoint point, PixelPoint a, PixelPoint b)
    {
        double dx = b.X - a.X, dy = b.Y - a.Y, px = point.X - a.X, py = point.Y - a.Y;
        double squared = (dx * dx) + (dy * dy);
        double along = squared == 0 ? 0 : Math.Clamp(((px * dx) + (py * dy)) / squared, 0, 1);
        double x = px - (along * dx), y = py - (along * dy);
        return Math.Sqrt((x * x) + (y * y));
    }
}
