using Yolact.Edge.Imaging;
using Yolact.Edge.Simulation.Camera;
using Yolact.Edge.Simulation.Parts;
using Yolact.Edge.Simulation.World;

namespace Yolact.Edge.Simulation.Tests.World;

public sealed class LightBarrierTests
{
    [Fact]
    public void Ten_thousand_parts_that_do_not_touch_make_one_pair_of_edges_each_in_order()
    {
        var world = new BeltWorld(new() { Spacing = 300 }, new MonotonicTime(5_000_000_000));
        long expected = 0;
        MonotonicTime last = world.Start;
        foreach (BarrierEdge[] pair in world.Barrier.EdgesFrom(world.Start).Take(20_000).Chunk(2))
        {
            Assert.True(pair[0].Rising);
            Assert.False(pair[1].Rising);
            Assert.Equal(expected, pair[0].PartId);
            Assert.Equal(expected, pair[1].PartId);
            Assert.True(pair[0].Time > last && pair[1].Time > pair[0].Time);
            last = pair[1].Time;
            expected++;
        }
        Assert.Equal(10_000, expected);
    }

    [Fact]
    public void At_an_edge_the_parts_outline_stands_at_the_beam()
    {
        var world = new BeltWorld(new() { Spacing = 300, BarrierColumn = 411.25 }, default(MonotonicTime));
        foreach (BarrierEdge edge in world.Barrier.EdgesFrom(world.Start).Skip(1000).Take(500))
        {
            Box box = world.PartAt(edge.PartId, edge.Time)!.Value.Box;
            Assert.Equal(411.25, edge.Rising ? box.X2 : box.X1, 0.01);
        }
    }

    [Fact]
    public void At_an_edge_the_cameras_mask_ends_at_the_beam()
    {
        var world =
            new BeltWorld(new() { Spacing = 300, ClutterSpacing = 0, ExposureMs = 0, BarrierColumn = 320 },
            default(MonotonicTime));
        using var view = new BeltView(world);
        foreach (BarrierEdge edge in world.Barrier.EdgesFrom(world.Start).Skip(20).Take(30))
        {
            PixelRect box = view.TruthAt(edge.Time).Single(part => part.Id == edge.PartId).Box;
            Assert.InRange(edge.Rising ? box.Right : box.X, 319, 321);
        }
    }

    [Fact]
    public void Parts_in_heaps_break_the_beam_as_long_as_any_of_them_does()
    {
        var world = new BeltWorld(new() { Spacing = 90, Jitter = 1, Fill = 0.8, Seed = 7 }, default(MonotonicTime));
        const long Parts = 2000;

        // The reference: every part's stretch of travel, sorted and merged.
        var stretches = new List<(double From, double To)>();
        for (long id = 0; id < Parts; id++)
        {
            if (world.Stream.TryGet(id, out PartSpec part))
                stretches.Add((320 - part.U - world.ExtentOf(part).X2, 320 - part.U - world.ExtentOf(part).X1));
        }
        stretches.Sort();
        var merged = new List<(double From, double To)> { stretches[0] };
        foreach ((double from, double to) in stretches.Skip(1))
        {
            if (from > merged[^1].To)
                merged.Add((from, to));
            else
                merged[^1] = (merged[^1].From, Math.Max(merged[^1].To, to));
        }

        // The last stretches may go on into parts that the reference does not hold.
        var wanted = merged.Take(merged.Count - 5).ToList();
        BarrierEdge[][] pairs = [.. world.Barrier.EdgesFrom(world.Start).Take(2 * wanted.Count).Chunk(2)];
        Assert.True(wanted.Count > 100);
        for (int i = 0; i < wanted.Count; i++)
        {
            Assert.True(pairs[i][0].Rising && !pairs[i][1].Rising);
            Assert.Equal(wanted[i].From, world.TravelAt(pairs[i][0].Time), 1e-5);
            Assert.Equal(wanted[i].To, world.TravelAt(pairs[i][1].Time), 1e-5);
        }

        // From any moment on the edges are the same, and the beam's level agrees with them.
        for (int i = 3; i < wanted.Count; i += 17)
        {
            MonotonicTime inside = new((pairs[i][0].Time.Nanoseconds + pairs[i][1].Time.Nanoseconds) / 2);
            MonotonicTime outside = new((pairs[i - 1][1].Time.Nanoseconds + pairs[i][0].Time.Nanoseconds) / 2);
            Assert.Equal(pairs[i][1], world.Barrier.EdgesFrom(inside).First());
            Assert.Equal(pairs[i][0], world.Barrier.EdgesFrom(outside).First());
            Assert.True(world.Barrier.IsBroken(inside));
            Assert.False(world.Barrier.IsBroken(outside));
        }
    }

    [Fact]
    public void An_interval_holds_its_first_moment_and_not_its_last()
    {
        var world = new BeltWorld(new() { Spacing = 300 }, default(MonotonicTime));
        BarrierEdge[] edges = [.. world.Barrier.EdgesFrom(world.Start).Take(6)];
        Assert.Equal(edges[1..4], world.Barrier.EdgesBetween(edges[1].Time, edges[4].Time));
    }

    [Fact]
    public void An_empty_belt_makes_no_edges()
    {
        var world = new BeltWorld(new() { Fill = 0 }, default(MonotonicTime));
        Assert.Empty(world.Barrier.EdgesFrom(world.Start));
        Assert.False(world.Barrier.IsBroken(world.Start));
    }
}
