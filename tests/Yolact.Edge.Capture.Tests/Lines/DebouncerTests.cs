using Yolact.Edge.Capture.Lines;

namespace Yolact.Edge.Capture.Tests.Lines;

public class DebouncerTests
{
    private const long Ms = 1_000_000;

    [Fact]
    public void A_bouncing_contact_is_one_edge_with_the_first_edges_time()
    {
        List<LineEvent> edges = Run(new(TimeSpan.FromMilliseconds(2)), [0, Ms / 2, Ms, 50 * Ms, 51 * Ms, 52 * Ms]);
        Assert.Equal([(0L, LineEdge.Rising), (50 * Ms, LineEdge.Falling)], edges.Select(e => (e.Time.Nanoseconds, e.Edge)));
    }

    [Fact]
    public void A_pulse_shorter_than_the_period_returns_at_its_last_edge_or_vanishes_where_edges_are_confirmed()
    {
        List<LineEvent> immediate = Run(new(TimeSpan.FromMilliseconds(2)), [0, Ms]);
        Assert.Equal([(0L, LineEdge.Rising), (Ms, LineEdge.Falling)], immediate.Select(e => (e.Time.Nanoseconds, e.Edge)));
        Assert.Empty(Run(new(TimeSpan.FromMilliseconds(2), DebounceMode.Confirmed), [0, Ms]));
    }

    [Fact]
    public void Where_only_one_direction_is_watched_every_burst_is_an_edge()
    {
        foreach (DebounceMode mode in Enum.GetValues<DebounceMode>())
        {
            var debouncer = new Debouncer(TimeSpan.FromMilliseconds(2), mode);
            List<LineEvent> edges = Run(debouncer, [0, Ms, 10 * Ms, 20 * Ms, 21 * Ms], alternate: false);
            Assert.Equal([0, 10 * Ms, 20 * Ms], edges.Select(e => e.Time.Nanoseconds));
        }
    }

    [Fact]
    public void Without_a_period_everything_passes() =>
        Assert.Equal(4, Run(new(TimeSpan.Zero), [0, 1, 2, 3]).Count);

    [Fact]
    public void Any_bursts_become_one_edge_each_at_their_first_time() =>
        Gen.Select(Gen.Int, Gen.Enum<DebounceMode>()).Sample((seed, mode) =>
        {
            var random = new Random(seed);
            var times = new List<long>();
            var expected = new List<long>();
            long time = 0;
            for (int burst = 0; burst < 50; burst++)
            {
                time += random.NextInt64(2 * Ms, 40 * Ms);
                expected.Add(time);
                times.Add(time);
                // An odd number of raw edges in all: the burst changes the level.
                for (int bounce = random.Next(4) * 2; bounce > 0; bounce--)
                    times.Add(time += random.NextInt64(1, (2 * Ms) - 1));
            }
            List<LineEvent> edges = Run(new(TimeSpan.FromMilliseconds(2), mode), times);
            Assert.Equal(expected, edges.Select(e => e.Time.Nanoseconds));
            Assert.All(edges.Select((e, i) => (e.Edge, i)), e => Assert.Equal(e.i % 2 == 0 ? LineEdge.Rising : LineEdge.Falling, e.Edge));
        }, iter: 300);

    /// <summary>A reader that the processor was taken from hands the rest of a burst on when a clock has already called the line quiet.</summary>
    [Fact]
    public void A_burst_whose_rest_is_read_late_is_still_one_edge() =>
        Gen.Select(Gen.Int, Gen.Enum<DebounceMode>()).Sample((seed, mode) =>
        {
            var random = new Random(seed);
            var debouncer = new Debouncer(TimeSpan.FromMilliseconds(2), mode);
            var expected = new List<long>();
            var edges = new List<LineEvent>();
            long time = 0, sequence = 0;
            for (int burst = 0; burst < 20; burst++)
            {
                time += random.NextInt64(2 * Ms, 40 * Ms);
                expected.Add(time);
                bool rising = burst % 2 == 0;
                Take(rising);
                // Nothing more was read, and the line seems to be quiet.
                if (random.Next(2) == 0 && debouncer.Settle(new(time + (random.Next(2, 10) * Ms)), out LineEvent quiet))
                    edges.Add(quiet);
                for (int bounce = random.Next(4) * 2; bounce > 0; bounce--)
                {
                    time += random.NextInt64(1, (2 * Ms) - 1);
                    Take(rising = !rising);
                }
            }
            if (debouncer.Settle(new(time + (2 * Ms)), out LineEvent last))
                edges.Add(last);
            Assert.Equal(expected, edges.Select(e => e.Time.Nanoseconds));
            Assert.All(edges.Select((e, i) => (e.Edge, i)), e => Assert.Equal(e.i % 2 == 0 ? LineEdge.Rising : LineEdge.Falling, e.Edge));

            void Take(bool up)
            {
                if (debouncer.Settle(new(time), out LineEvent settled))
                    edges.Add(settled);
                if (debouncer.Add(new(new(time), up ? LineEdge.Rising : LineEdge.Falling, sequence++), out LineEvent edge))
                    edges.Add(edge);
            }
        }, iter: 300);

    [Fact]
    public void However_the_line_moves_the_last_edge_is_its_level() =>
        Gen.Select(Gen.Long[0, 5 * Ms].List[1, 60], Gen.Enum<DebounceMode>()).Sample((gaps, mode) =>
        {
            long time = 0;
            var times = gaps.Select(g => time += g).ToList();
            List<LineEvent> edges = Run(new(TimeSpan.FromMilliseconds(2), mode), times);
            bool active = times.Count % 2 == 1;
            Assert.Equal(active, edges.Count > 0 && edges[^1].Edge == LineEdge.Rising);
            Assert.Equal(edges.OrderBy(e => e.Time.Nanoseconds), edges);
            for (int i = 0; i < edges.Count; i++)
            {
                Assert.Equal(i % 2 == 0 ? LineEdge.Rising : LineEdge.Falling, edges[i].Edge);
                Assert.Contains(edges[i].Time.Nanoseconds, times);
            }
        }, iter: 500);

    private static List<LineEvent> Run(Debouncer debouncer, IEnumerable<long> times, bool alternate = true)
    {
        var edges = new List<LineEvent>();
        bool active = false;
        long sequence = 0;
        foreach (long time in times)
        {
            active = !alternate || !active;
            if (debouncer.Settle(new(time), out LineEvent settled))
                edges.Add(settled);
            if (debouncer.Add(new(new(time), active ? LineEdge.Rising : LineEdge.Falling, sequence++), out LineEvent edge))
                edges.Add(edge);
        }
        if (debouncer.SettlesAt is { } end && debouncer.Settle(end, out LineEvent last))
            edges.Add(last);
        return edges;
    }
}
