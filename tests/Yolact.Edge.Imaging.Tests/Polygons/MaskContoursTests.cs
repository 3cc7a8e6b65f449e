using CsCheck;
using Yolact.Edge.Imaging.Polygons;

namespace Yolact.Edge.Imaging.Tests.Polygons;

public class MaskContoursTests
{
    [Fact]
    public void One_pixel_has_four_corners_clockwise()
    {
        MaskContours contours = Trace("...", ".#.");
        Assert.Equal(1, contours.Count);
        Assert.False(contours.IsHole(0));
        Assert.Equal([new(2, 1), new(2, 2), new(1, 2), new(1, 1)], contours[0].ToArray());
    }

    [Fact]
    public void A_ring_has_a_hole_that_runs_the_other_way()
    {
        MaskContours contours = Trace("####", "#..#", "####");
        Assert.Equal(2, contours.Count);
        Assert.Equal([false, true], [contours.IsHole(0), contours.IsHole(1)]);
        Assert.Equal(12, ScalarPolygon.SignedArea(contours[0]));
        Assert.Equal(-2, ScalarPolygon.SignedArea(contours[1]));
    }

    [Fact]
    public void Pixels_that_touch_by_a_corner_are_two_rings()
    {
        MaskContours contours = Trace("#.", ".#");
        Assert.Equal(2, contours.Count);
        Assert.Equal(4, contours[0].Length);
        Assert.Equal(4, contours[1].Length);
    }

    [Fact]
    public void An_empty_mask_after_a_full_one_has_no_ring()
    {
        MaskContours contours = Trace("##");
        contours.Trace(new BinaryMask(4, 4, default, default));
        Assert.Equal(0, contours.Count);
    }

    [Fact]
    public void The_even_odd_rule_gives_the_mask_back() => ScalarMask.Gen.Sample(scalar =>
    {
        MaskContours contours = new();
        contours.Trace(scalar.ToBinaryMask());
        List<PixelPoint[]> rings = [];
        long area = 0;
        for (int i = 0; i < contours.Count; i++)
        {
            rings.Add(contours[i].ToArray());
            Assert.Equal(contours.IsHole(i), ScalarPolygon.SignedArea(contours[i]) < 0);
            area += ScalarPolygon.SignedArea(contours[i]);
        }
        Assert.Equal(scalar.Area(), area);
        Assert.True(scalar.SamePixels(ScalarPolygon.EvenOdd(scalar.Width, scalar.Height, rings)));
    });

    [Fact]
    public void Tracing_again_allocates_nothing()
    {
        BinaryMask mask = ScalarMask.Parse("#.##.#", "##..##", "#.##.#").ToBinaryMask();
        MaskContours contours = new();
        RingSimplifier simplifier = new();
        contours.Trace(mask);
        simplifier.Simplify(contours[0], 1);
        long before = GC.GetAllocatedBytesForCurrentThread();
        contours.Trace(mask);
        simplifier.Simplify(contours[0], 1);
        Assert.Equal(0, GC.GetAllocatedBytesForCurrentThread() - before);
    }

    private static MaskContours Trace(params string[] rows)
    {
        MaskContours contours = new();
        contours.Trace(ScalarMask.Parse(rows).ToBinaryMask());
        return contours;
    }
}
