using Yolact.Edge.Capture.Cameras;
using Yolact.Edge.Capture.Lines;
using Yolact.Edge.Capture.Triggers;
using Yolact.Edge.Imaging;
using Yolact.Edge.Pipeline;

namespace Yolact.Edge.Tests.Pipeline;

public sealed class FrameIntakeTests : IDisposable
{
    private readonly FramePool _pool = new(keep: 64);
    private readonly FrameIntake _intake = new(capacity: 3);

    public void Dispose() => _intake.Dispose();

    [Fact]
    public void Of_free_running_frames_only_the_latest_waits()
    {
        CapturedFrame first = Free(1), second = Free(2);
        Assert.Equal(IntakeResult.Accepted, _intake.Offer(first, 0));
        Assert.Equal(IntakeResult.Replaced, _intake.Offer(second, 0));

        Assert.Equal(1, _intake.Count);
        Assert.Throws<ObjectDisposedException>(() => first.Frame.Picture.Pixels.Length);
        Assert.Equal(2, Next());
    }

    [Fact]
    public void Triggered_frames_wait_in_order_and_one_without_a_place_is_refused()
    {
        IntakeResult[] results = [.. Enumerable.Range(1, 4).Select(i => _intake.Offer(Triggered(i), 0))];

        Assert.Equal([IntakeResult.Accepted, IntakeResult.Accepted, IntakeResult.Accepted, IntakeResult.Overrun], results);
        Assert.Equal([1, 2, 3], [Next(), Next(), Next()]);
    }

    [Fact]
    public void What_waits_at_closing_is_still_taken_and_nothing_more_comes_in()
    {
        _intake.Offer(Triggered(1), 0);
        _intake.Close();

        Assert.Equal(IntakeResult.Stopped, _intake.Offer(Triggered(2), 0));
        Assert.Equal(1, Next());
        Assert.False(_intake.Take(out _));
        Assert.False(_intake.Take(out _));
    }

    [Fact]
    public async Task Frames_of_many_givers_are_each_taken_refused_or_replaced_once()
    {
        const int Givers = 4, Each = 500;
        int accepted = 0, refused = 0, taken = 0;
        Task taker = Task.Run(() =>
        {
            while (_intake.Take(out FrameIntake.Arrival arrival))
            {
                arrival.Captured.Dispose();
                taken++;
            }
        }, TestContext.Current.CancellationToken);
        await Task.WhenAll(Enumerable.Range(0, Givers).Select(giver => Task.Run(() =>
        {
            for (int i = 0; i < Each; i++)
            {
                if (_intake.Offer(Triggered((giver * Each) + i), 0) == IntakeResult.Accepted)
                    Interlocked.Increment(ref accepted);
                else
                    Interlocked.Increment(ref refused);
            }
        })));
        _intake.Close();
        await taker;

        Assert.Equal(Givers * Each, accepted + refused);
        Assert.Equal(accepted, taken);
    }

    private long Next()
    {
        Assert.True(_intake.Take(out FrameIntake.Arrival arrival));
        long sequence = arrival.Captured.Frame.Picture.Sequence;
        arrival.Captured.Dispose();
        return sequence;
    }

    private CapturedFrame Free(long sequence)
    {
        Frame frame = _pool.Rent(FrameLayout.Packed(4, 4, PixelFormat.Gray8));
        frame.Sequence = sequence;
        return new(new CameraFrame(frame));
    }

    private CapturedFrame Triggered(long sequence) => Free(sequence) with { Edge = new TriggerEdge(sequence, default, LineEdge.Rising, sequence) };
}
