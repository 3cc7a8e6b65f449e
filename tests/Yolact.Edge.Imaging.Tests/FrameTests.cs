namespace Yolact.Edge.Imaging.Tests;

public class FrameTests
{
    private static readonly FrameLayout Small = FrameLayout.Packed(4, 3, PixelFormat.Rgb24);

    [Fact]
    public void The_last_reference_gives_the_memory_back()
    {
        FramePool pool = new();
        Frame frame = pool.Rent(Small);
        frame.AddReference();
        frame.Dispose();
        frame.Pixels[0] = 7;
        Assert.NotSame(frame, pool.Rent(Small));
        frame.Dispose();
        Assert.Same(frame, pool.Rent(Small));
    }

    [Fact]
    public void A_frame_is_dead_after_its_last_reference()
    {
        Frame frame = new FramePool().Rent(Small);
        frame.Dispose();
        Assert.Throws<ObjectDisposedException>(() => frame.Pixels.Length);
        Assert.Throws<ObjectDisposedException>(() => frame.Row(0).Length);
        Assert.Throws<ObjectDisposedException>(frame.AddReference);
    }

    [Fact]
    public void Disposing_once_too_often_does_not_put_a_frame_into_the_pool_twice()
    {
        FramePool pool = new();
        Frame frame = pool.Rent(Small);
        frame.Dispose();
        frame.Dispose();
        Assert.NotSame(pool.Rent(Small), pool.Rent(Small));
    }

    [Fact]
    public void A_rented_frame_forgets_the_last_picture()
    {
        FramePool pool = new();
        Frame frame = pool.Rent(Small);
        frame.Sequence = 9;
        frame.Time = new FrameTime(new MonotonicTime(5), FrameTimeMeaning.Arrival, TimeSpan.FromMilliseconds(1));
        frame.Dispose();
        Frame again = pool.Rent(FrameLayout.Packed(2, 2, PixelFormat.Gray8));
        Assert.Same(frame, again);
        Assert.Equal((0, default, 4), (again.Sequence, again.Time, again.Pixels.Length));
    }

    [Fact]
    public void A_pool_keeps_no_more_frames_than_asked()
    {
        FramePool pool = new(keep: 1);
        Frame first = pool.Rent(Small), second = pool.Rent(Small);
        first.Dispose();
        second.Dispose();
        Assert.Same(first, pool.Rent(Small));
        Assert.NotSame(second, pool.Rent(Small));
    }

    [Fact]
    public void Renting_again_allocates_nothing()
    {
        FramePool pool = new();
        pool.Rent(Small).Dispose();
        long before = GC.GetAllocatedBytesForCurrentThread();
        for (int i = 0; i < 100; i++)
            pool.Rent(Small).Dispose();
        Assert.Equal(0, GC.GetAllocatedBytesForCurrentThread() - before);
    }

    [Fact]
    public void Many_threads_share_a_frame_and_give_it_back_once()
    {
        FramePool pool = new();
        for (int round = 0; round < 50; round++)
        {
            Frame frame = pool.Rent(Small);
            const int Readers = 8;
            for (int i = 0; i < Readers; i++)
                frame.AddReference();
            int sum = 0;
            frame.Pixels.Fill(1);
            Parallel.For(0, Readers, _ =>
            {
                using (frame)
                    Interlocked.Add(ref sum, frame.Pixels[3]);
            });
            Assert.Equal(Readers, sum);
            frame.Dispose();
            Frame next = pool.Rent(Small), other = pool.Rent(Small);
            Assert.Same(frame, next);
            Assert.NotSame(next, other);
            next.Dispose();
        }
    }

    [Fact]
    public void Rows_leave_padding_out()
    {
        using Frame frame = new FramePool().Rent(new FrameLayout(5, 2, PixelFormat.Bgr24, Stride: 16));
        for (int i = 0; i < frame.Pixels.Length; i++)
            frame.Pixels[i] = (byte)i;
        Assert.Equal(15, frame.Row(1).Length);
        Assert.Equal(16, frame.Row(1)[0]);
        Assert.Throws<ArgumentOutOfRangeException>(() => frame.Row(2).Length);
        Assert.Throws<ArgumentOutOfRangeException>(() => frame.Row(-1).Length);
    }
}
