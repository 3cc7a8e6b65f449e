using Yolact.Edge.Imaging;
using Yolact.Edge.Simulation.Clock;
using Yolact.Edge.Simulation.Lines;

namespace Yolact.Edge.Simulation.Tests.Lines;

public sealed class BeltOutputLineTests
{
    private readonly VirtualClock _clock = new();

    [Fact]
    public void It_remembers_changes_of_level_and_nothing_else()
    {
        var line = new BeltOutputLine("reject", _clock);
        var told = new List<OutputChange>();
        line.Changed += told.Add;
        line.Set(false);
        _clock.Advance(TimeSpan.FromMilliseconds(3));
        line.Set(true);
        line.Set(true);
        _clock.Advance(TimeSpan.FromMilliseconds(20));
        line.Set(false);
        _clock.Advance(TimeSpan.FromMilliseconds(1));
        line.Set(true);
        Assert.True(line.IsActive);
        Assert.Equal([new(new(3_000_000), true), new(new(23_000_000), false), new(new(24_000_000), true)], line.Changes);
        Assert.Equal(line.Changes, told);
        Assert.Equal([(new MonotonicTime(3_000_000), new MonotonicTime(23_000_000))], line.Pulses);
        line.Dispose();
        Assert.True(line.IsActive, "who lets go of a line does not switch it");
    }

    [Fact]
    public void It_forgets_the_oldest_changes_but_counts_them()
    {
        using var line = new BeltOutputLine("busy", _clock);
        for (int i = 0; i < BeltOutputLine.Remembered + 10; i++)
            line.Set(i % 2 == 0);
        Assert.Equal(BeltOutputLine.Remembered, line.Changes.Count);
        Assert.Equal(BeltOutputLine.Remembered + 10, line.ChangeCount);
    }
}
