using CsCheck;
using Yolact.Edge.Imaging.Polygons;

namespace Yolact.Edge.Imaging.Tests.Polygons;

public class RingSimplifierTests
{
    private static readonly Gen<(PixelPoint[] Ring, double Tolerance)> Rings =
        from ring in Gen.Select(Gen.Int[0, 60], Gen.Int[0, 60], (x, y) => new PixelPoint(x, y)).Array[3, 60]
        from tolerance in Gen.Double[0, 10]
        select (ring, tolerance);

    [Fact]
    public void Corners_on_a_straight_line_go_even_without_tolerance()
    {
        PixelPoint[] ring = [new(0, 0), new(2, 0), new(4, 0), new(4, 4), new(2, 4), new(0, 4)];
        Assert.Equal([new(0, 0), new(4, 0), new(4, 4), new(0, 4)], new RingSimplifier().Simplify(ring, 0).ToArray());
    }

    [Fact]
    public void No_left_out_corner_is_farther_than_the_tolerance() => Rings.Sample(one =>
    {
        PixelPoint[] kept = new RingSimplifier().Simplify(one.Ring, one.Tolerance).ToArray();
        Assert.InRange(kept.Length, 3, one.Ring.Length);
        int next = 0;
        foreach (PixelPoint point in kept)
        {
            next = Array.IndexOf(one.Ring, point, next) + 1;
            Assert.NotEqual(0, next);
        }
        foreach (PixelPoint point in one.Ring)
        {
            double nearest = double.MaxValue;
            for (int i = 0; i < kept.Length; i++)
                nearest = Math.Min(nearest, Distance(point, kept[i], kept[(i + 1) % kept.Length]));
            Assert.True(nearest <= one.Tolerance + 1e-9);
        }
    });

    [Fact]
    public void No_more_corners_are_kept_than_allowed() => Rings.Sample(one =>
    {
        PixelPoint[] all = new RingSimplifier().Simplify(one.Ring, 0).ToArray();
        for (int most = 3; most < 10; most++)
            Assert.Equal(Math.Min(most, all.Length), new RingSimplifier().Simplify(one.Ring, 0, most).Length);
    });

    [Fact]
    public void Nonsense_is_refused()
    {
        PixelPoint[] ring = [new(0, 0), new(1, 0), new(1, 1)];
        Assert.Throws<ArgumentOutOfRangeException>(() => new RingSimplifier().Simplify(ring.AsSpan(1), 1));
        Assert.Throws<ArgumentOutOfRangeException>(() => new RingSimplifier().Simplify(ring, -1));
        Assert.Throws<ArgumentOutOfRangeException>(() => new RingSimplifier().Simplify(ring, 1, 2));
    }

    private static double Distance(PixelPoint point, PixelPoint a, PixelPoint b)
    {
        double dx = b.X - a.X, dy = b.Y - a.Y, length = (dx * dx) + (dy * dy);
        double t = length == 0 ? 0 : (((point.X - a.X) * dx) + ((point.Y - a.Y) * dy)) / length;
        t = Math.Min(1, Math.Max(0, t));
        return Math.Sqrt(Math.Pow(point.X - a.X - (t * dx), 2) + Math.Pow(point.Y - a.Y - (t * dy), 2));
    }
}
