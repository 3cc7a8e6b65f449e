using Yolact.Edge.Imaging;
using Yolact.Edge.Simulation.Parts;

namespace Yolact.Edge.Simulation.World;

/// <summary>
/// A beam across the belt above one column of the picture. A part breaks it from its leading to its trailing edge; parts that
/// overlap along the belt break it once. Edge times are solved from geometry, not sampled.
/// </summary>
public sealed class LightBarrier
{
    private readonly BeltWorld _world;

    internal LightBarrier(BeltWorld world) => _world = world;

    /// <summary>The picture's column that the beam crosses, px.</summary>
    public double Column => _world.Options.BarrierColumn;

    /// <summary>True while a part breaks the beam.</summary>
    /// <param name="time">At or after the world's start.</param>
    public bool IsBroken(MonotonicTime time)
    {
        BarrierEdge next = EdgesFrom(time).FirstOrDefault(e => e.Time > time);
        return next != default && !next.Rising;
    }

    /// <summary>The edges from one moment (inclusive) to another (exclusive), in order.</summary>
    /// <param name="from">First moment.</param>
    /// <param name="to">End.</param>
    public IEnumerable<BarrierEdge> EdgesBetween(MonotonicTime from, MonotonicTime to) =>
        EdgesFrom(from).TakeWhile(e => e.Time < to);

    /// <summary>The edges from a moment (inclusive) on, in order, without end unless the belt carries nothing.</summary>
    /// <param name="from">First moment.</param>
    public IEnumerable<BarrierEdge> EdgesFrom(MonotonicTime from)
    {
        foreach ((double rise, double fall, long first, long last) in BreaksFrom(_world.TravelAt(from)))
        {
            var rising = new BarrierEdge(_world.TimeOf(rise), true, first);
            if (rising.Time >= from)
                yield return rising;
            var falling = new BarrierEdge(_world.TimeOf(fall), false, last);
            if (falling.Time >= from)
                yield return falling;
        }
    }

    // The stretches of travel during which the beam is broken, the first of them ending at or after the given travel. A part's
    // place strays from the even one by less than a spacing, so the order of numbers is the order of places only nearly: parts
    // wait in a small list until no later one can still lie before them.
    private IEnumerable<(double Rise, double Fall, long First, long Last)> BreaksFrom(double travel)
    {
        double spacing = _world.Options.Spacing, reach = _world.Stream.Reach;
        if (_world.Options.Fill == 0)
            yield break;
        // A chain of overlapping parts may have begun long before: go back until a gap is certain or the belt begins.
        long id = StartOfChain((long)Math.Floor((travel - Column - (2 * reach)) / spacing) - 2);
        var waiting = new List<(double Rise, double Fall, long Id)>();
        (double Rise, double Fall, long First, long Last)? open = null;
        for (; ; id++)
        {
            if (_world.Stream.TryGet(id, out PartSpec part))
            {
                Box extent = _world.ExtentOf(part);
                // The leading edge stands at U + travel + X2: it reaches the column at this travel.
                waiting.Add((Column - part.U - extent.X2, Column - part.U - extent.X1, id));
            }
            // No later part's leading edge comes before this.
            double safe = Column + ((id + 1) * spacing) - reach;
            waiting.Sort();
            int taken = 0;
            for (; taken < waiting.Count && waiting[taken].Rise < safe; taken++)
            {
                (double rise, double fall, long number) = waiting[taken];
                if (open is { } broken && rise <= broken.Fall)
                {
                    if (fall > broken.Fall)
                        open = broken with { Fall = fall, Last = number };
                    continue;
                }
                if (open is { } done && done.Fall >= travel)
                    yield return done;
                open = (rise, fall, number, number);
            }
            waiting.RemoveRange(0, taken);
            if (open is { } over && over.Fall < safe && waiting.Count == 0)
            {
                if (over.Fall >= travel)
                    yield return over;
                open = null;
            }
        }
    }

    private long StartOfChain(long id)
    {
        // Back to a place before which the belt is free for a part's length at this column, at most to its beginning.
        while (id > 0 && !FreeBefore(id))
            id--;
        return Math.Max(0, id);
    }

    private bool FreeBefore(long id)
    {
        double spacing = _world.Options.Spacing, reach = _world.Stream.Reach;
        // Parts numbered from id on have their leading edge at travel >= limit; all earlier ones must have passed by then.
        double limit = Column + (id * spacing) - reach;
        for (long earlier = id - 1; earlier >= 0 && Column + ((earlier + 1) * spacing) + reach >= limit; earlier--)
        {
            if (_world.Stream.TryGet(earlier, out PartSpec part) && Column - part.U - _world.ExtentOf(part).X1 >= limit)
                return false;
        }
        return true;
    }
}
