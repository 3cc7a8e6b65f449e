using Yolact.Edge.Imaging;
using Yolact.Edge.Simulation.Camera;
using Yolact.Edge.Simulation.World;

namespace Yolact.Edge.Simulation.Tests.Camera;

public sealed class BeltViewTests
{
    private static readonly FramePool Pool = new();

    [Fact]
    public void The_same_seed_and_time_give_the_same_bytes_whatever_was_rendered_before()
    {
        var options = new BeltWorldOptions { Seed = 3, LookSeed = 11 };
        using var straight = new BeltView(new(options, default(MonotonicTime)));
        using var wandering = new BeltView(new(options, default(MonotonicTime)));
        MonotonicTime time = new(7_654_321_012);
        using Frame other = Take(wandering, new(20_000_000_000));
        using Frame near = Take(wandering, new(7_000_000_000));
        using Frame expected = Take(straight, time), actual = Take(wandering, time);
        Assert.True(expected.Pixels.SequenceEqual(actual.Pixels));
        Assert.False(expected.Pixels.SequenceEqual(near.Pixels));
        Assert.Equal(straight.TruthAt(time).Select(p => (p.Id, p.Area)), wandering.TruthAt(time).Select(p => (p.Id, p.Area)));
    }

    [Fact]
    public void The_worlds_start_moves_times_and_nothing_else()
    {
        using var early = new BeltView(new(new(), default(MonotonicTime)));
        using var late = new BeltView(new(new(), new MonotonicTime(1_000_000_000_000_000)));
        using Frame a = Take(early, new(5_000_000_000)), b = Take(late, new(1_000_005_000_000_000));
        Assert.True(a.Pixels.SequenceEqual(b.Pixels));
    }

    [Fact]
    public void Another_seed_gives_another_picture()
    {
        using var one = new BeltView(new(new() { Seed = 1 }, default(MonotonicTime)));
        using var two = new BeltView(new(new() { Seed = 2 }, default(MonotonicTime)));
        using Frame a = Take(one, new(5_000_000_000)), b = Take(two, new(5_000_000_000));
        Assert.False(a.Pixels.SequenceEqual(b.Pixels));
    }

    [Theory]
    [InlineData(PixelFormat.Rgb24)]
    [InlineData(PixelFormat.Bgr24)]
    [InlineData(PixelFormat.Gray8)]
    public void Other_formats_hold_the_same_picture(PixelFormat format)
    {
        using var view = new BeltView(new(new(), default(MonotonicTime)));
        using Frame bgrx = Take(view, new(5_000_000_000)), other = Take(view, new(5_000_000_000), format);
        for (int y = 0; y < bgrx.Height; y += 7)
        {
            for (int x = 0; x < bgrx.Width; x += 5)
            {
                Span<byte> from = bgrx.Row(y).Slice(x * 4, 3);
                if (format == PixelFormat.Gray8)
                    Assert.Equal((0.114 * from[0]) + (0.587 * from[1]) + (0.299 * from[2]), other.Row(y)[x], 1.0);
                else
                    Assert.Equal(format == PixelFormat.Bgr24 ? from.ToArray() : [from[2], from[1], from[0]],
                        other.Row(y).Slice(x * 3, 3).ToArray());
            }
        }
    }

    [Fact]
    public void A_frame_of_another_size_is_refused()
    {
        using var view = new BeltView(new(new(), default(MonotonicTime)));
        using Frame small = Pool.Rent(FrameLayout.Packed(320, 240, PixelFormat.Bgrx32));
        Assert.Throws<ArgumentException>(() => view.Render(default, small));
    }

    [Fact]
    public void The_belt_moves_to_the_right_at_its_speed()
    {
        // 240 px/s for 0.25 s: the picture is the old one, 60 px further right, but for light and noise.
        using var view = new BeltView(new(new() { ExposureMs = 0 }, default(MonotonicTime)));
        using Frame first = Take(view, new(6_000_000_000)), later = Take(view, new(6_250_000_000));
        Assert.Equal(60, Enumerable.Range(50, 20).MinBy(shift => Difference(first, later, shift)));
    }

    private static double Difference(Frame first, Frame later, int shift)
    {
        long sum = 0;
        int count = 0;
        for (int y = 60; y < 420; y += 2)
        {
            for (int x = 100; x < 500; x++, count++)
                sum += Math.Abs(first.Row(y)[(4 * x) + 1] - later.Row(y)[(4 * (x + shift)) + 1]);
        }
        return (double)sum / count;
    }

    private static Frame Take(BeltView view, MonotonicTime time, PixelFormat format = PixelFormat.Bgrx32)
    {
        Frame frame = Pool.Rent(FrameLayout.Packed(640, 480, format));
        view.Render(time, frame);
        return frame;
    }
}
