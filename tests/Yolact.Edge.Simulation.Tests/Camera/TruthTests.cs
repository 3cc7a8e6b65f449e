using System.Numerics;
using SkiaSharp;
using Yolact.Edge.Imaging;
using Yolact.Edge.Simulation.Camera;
using Yolact.Edge.Simulation.Parts;
using Yolact.Edge.Simulation.Shading;
using Yolact.Edge.Simulation.World;

namespace Yolact.Edge.Simulation.Tests.Camera;

public sealed class TruthTests
{
    private static readonly BeltWorldOptions Heap =
        new() { Spacing = 80, Jitter = 1, Spread = 0.6, ClutterSpacing = 0, ExposureMs = 3, Seed = 21 };

    [Fact]
    public void Masks_are_the_outlines_less_what_later_parts_cover()
    {
        var world = new BeltWorld(Heap, default(MonotonicTime));
        using var view = new BeltView(world);
        MonotonicTime time = new(9_123_456_789);
        IReadOnlyList<VisiblePart> truth = view.TruthAt(time);
        Assert.True(truth.Count > 5);
        Assert.Contains(truth, part => part.Area < part.WholeArea);

        // The reference asks Skia's geometry, not its rasteriser, whether a px' centre lies inside the outline.
        double travel = world.TravelAt(time + TimeSpan.FromMilliseconds(1.5));
        var outlines = new List<(long Id, SKPath Path)>();
        foreach (PartSpec part in world.Stream.Between(-travel, 640 - travel))
        {
            using PartShape shape = PartShape.Create(part.Class, part.Size, part.Seed);
            // The truth is on the belt's own px: the picture's columns lie at whole px of the belt.
            double shift = -Math.Floor(0.5 - travel);
            Matrix3x2 place = Matrix3x2.CreateRotation(part.Angle) * Matrix3x2.CreateTranslation((float)(part.U + shift), part.Y);
            var path = new SKPath();
            shape.Mask.Transform(CoverageCanvas.ToSkia(place), path);
            outlines.Add((part.Id, path));
        }
        int differing = 0, visible = 0;
        for (int y = 26; y < 458; y++)
        {
            for (int x = 0; x < 640; x++)
            {
                long expected = outlines.LastOrDefault(o => o.Path.Contains(x + 0.5f, y + 0.5f)).Path is { } top
                    ? outlines.Last(o => o.Path == top).Id
                    : -1;
                long[] actual = [.. truth.Where(part => part.Mask[x, y]).Select(part => part.Id)];
                Assert.True(actual.Length <= 1, "masks are disjoint");
                visible += expected >= 0 ? 1 : 0;
                differing += actual.FirstOrDefault(-1) != expected ? 1 : 0;
            }
        }
        // Half a px' coverage and a covered centre differ on the outline only: px there, in about one of ten.
        Assert.True(visible > 50_000);
        Assert.InRange(differing, 0, visible / 100);
        outlines.ForEach(o => o.Path.Dispose());
    }

    [Fact]
    public void Area_and_box_are_the_masks()
    {
        var world = new BeltWorld(Heap, default(MonotonicTime));
        using var view = new BeltView(world);
        foreach (VisiblePart part in view.TruthAt(new(12_000_000_000)))
        {
            int area = 0, left = 640, right = -1, top = 480, bottom = -1;
            for (int y = 0; y < 480; y++)
            {
                for (int x = 0; x < 640; x++)
                {
                    if (!part.Mask[x, y])
                        continue;
                    area++;
                    (left, right, top, bottom) = (Math.Min(left, x), Math.Max(right, x), Math.Min(top, y), Math.Max(bottom, y));
                }
            }
            Assert.Equal(part.Area, area);
            Assert.Equal(part.Box, new PixelRect(left, top, right + 1 - left, bottom + 1 - top));
            Assert.InRange(part.Area, 1, part.WholeArea);
        }
    }

    [Fact]
    public void Parts_in_sight_are_those_whose_boxes_touch_the_picture()
    {
        var world = new BeltWorld(new() { ClutterSpacing = 0, ExposureMs = 0 }, default(MonotonicTime));
        using var view = new BeltView(world);
        for (int i = 0; i < 20; i++)
        {
            MonotonicTime time = new(4_000_000_000 + (i * 777_777_777L));
            IReadOnlyList<PlacedPart> placed = world.PartsAt(time);
            foreach (VisiblePart part in view.TruthAt(time))
            {
                Box box = Assert.Single(placed, p => p.Id == part.Id && p.Class == part.Class).Box;
                // A part that the picture's border cuts may show less of its height.
                if (box.X1 < 0 || box.X2 > 640)
                    continue;
                Assert.InRange(part.Box.X - box.X1, -1.01, 1.51);
                Assert.InRange(box.X2 - part.Box.Right, -1.01, 1.51);
                Assert.InRange(part.Box.Y - box.Y1, -1.01, 1.51);
                Assert.InRange(box.Y2 - part.Box.Bottom, -1.01, 1.51);
            }
        }
    }

    [Fact]
    public void Clutter_on_top_hides_and_clutter_beneath_does_not()
    {
        // Enough clutter that some lies on parts: visible areas shrink, never grow.
        BeltWorldOptions clean = new() { ClutterSpacing = 0, Seed = 5 }, cluttered = clean with { ClutterSpacing = 20 };
        using var a = new BeltView(new(clean, default(MonotonicTime)));
        using var b = new BeltView(new(cluttered, default(MonotonicTime)));
        int hidden = 0, whole = 0;
        for (int i = 0; i < 12; i++)
        {
            MonotonicTime time = new(4_000_000_000 + (i * 2_500_000_000L));
            var clear = a.TruthAt(time).ToDictionary(p => p.Id, p => p.Area);
            foreach (VisiblePart part in b.TruthAt(time))
            {
                Assert.InRange(part.Area, 1, clear[part.Id]);
                hidden += part.Area < clear[part.Id] ? 1 : 0;
                whole += part.Area == clear[part.Id] ? 1 : 0;
            }
        }
        Assert.True(hidden > 0 && whole > 0, $"{hidden} hidden in part, {whole} not");
    }
}
