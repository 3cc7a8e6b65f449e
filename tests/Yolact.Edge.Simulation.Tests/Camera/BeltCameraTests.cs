using Yolact.Edge.Capture.Cameras;
using Yolact.Edge.Imaging;
using Yolact.Edge.Simulation.Camera;
using Yolact.Edge.Simulation.Clock;
using Yolact.Edge.Simulation.World;

namespace Yolact.Edge.Simulation.Tests.Camera;

public sealed class BeltCameraTests
{
    private readonly VirtualClock _clock = new(new MonotonicTime(77_000_000_000));

    [Fact]
    public async Task Frames_come_at_their_rate_with_the_exact_start_of_exposure_and_the_picture_of_that_moment()
    {
        var world = new BeltWorld(new() { ExposureMs = 4 }, _clock);
        await using var camera = new BeltCamera("belt", world, new() { Rate = 30, ReadoutMs = 6 }, _clock);
        _clock.Advance(TimeSpan.FromSeconds(3));
        MonotonicTime start = _clock.Now;
        var frames = new List<(CameraFrame Frame, MonotonicTime Arrival)>();
        await camera.StartAsync(frame => frames.Add((frame, _clock.Now)), TestContext.Current.CancellationToken);
        _clock.Advance(TimeSpan.FromSeconds(0.3));

        Assert.Equal(9, frames.Count);
        using var view = new BeltView(world);
        using Frame expected = new FramePool().Rent(FrameLayout.Packed(640, 480, PixelFormat.Bgrx32));
        for (int i = 0; i < frames.Count; i++)
        {
            Frame picture = frames[i].Frame.Picture;
            Assert.Equal(i, picture.Sequence);
            Assert.Equal(start.Nanoseconds + (long)Math.Round(i * 1e9 / 30), picture.Time.ExposureStart.Nanoseconds);
            Assert.Equal(TimeSpan.Zero, picture.Time.Uncertainty);
            Assert.Equal(TimeSpan.FromMilliseconds(4), picture.Time.Exposure);
            Assert.InRange((frames[i].Arrival - picture.Time.ExposureStart).TotalMilliseconds, 10, 10.001);
            view.Render(picture.Time.ExposureStart, expected);
            Assert.True(expected.Pixels.SequenceEqual(picture.Pixels));
            frames[i].Frame.Dispose();
        }
    }

    [Fact]
    public async Task A_handler_that_is_too_slow_finds_gaps_in_the_sequence()
    {
        var world = new BeltWorld(new(), _clock);
        await using var camera = new BeltCamera("belt", world, new() { Rate = 100, DrawsPictures = false }, _clock);
        var numbers = new List<long>();
        await camera.StartAsync(frame =>
        {
            numbers.Add(frame.Picture.Sequence);
            frame.Dispose();
            if (numbers.Count == 3)
                _clock.Advance(TimeSpan.FromMilliseconds(45));
        }, TestContext.Current.CancellationToken);
        _clock.Advance(TimeSpan.FromMilliseconds(100));
        Assert.Equal([0, 1, 2, 6, 7, 8, 9], numbers.Take(7));
    }

    [Fact]
    public async Task It_stops_even_from_its_own_handler_and_starts_once()
    {
        var world = new BeltWorld(new(), _clock);
        var camera = new BeltCamera("belt", world, new() { DrawsPictures = false }, _clock);
        var states = new List<CameraState>();
        camera.StateChanged += change => states.Add(change.State);
        int frames = 0;
        await camera.StartAsync(frame =>
        {
            frame.Dispose();
            if (++frames == 2)
                camera.StopAsync();
        }, TestContext.Current.CancellationToken);
        _clock.Advance(TimeSpan.FromSeconds(1));
        Assert.Equal(2, frames);
        Assert.Equal([CameraState.Starting, CameraState.Running, CameraState.Stopped], states);
        await Assert.ThrowsAsync<InvalidOperationException>(() =>
            camera.StartAsync(_ => { }, TestContext.Current.CancellationToken));
        await camera.DisposeAsync();
        await camera.DisposeAsync();
    }

    [Fact]
    public async Task In_real_time_frames_come_by_themselves()
    {
        var world = new BeltWorld(new(), TimeProvider.System);
        await using var camera = new BeltCamera("belt", world, new() { Rate = 200, DrawsPictures = false }, TimeProvider.System);
        var third = new TaskCompletionSource<FrameTime>(TaskCreationOptions.RunContinuationsAsynchronously);
        int frames = 0;
        await camera.StartAsync(frame =>
        {
            if (++frames == 3)
                third.SetResult(frame.Picture.Time);
            frame.Dispose();
        }, TestContext.Current.CancellationToken);
        FrameTime time = await third.Task.WaitAsync(TimeSpan.FromMinutes(1), TestContext.Current.CancellationToken);
        Assert.True(MonotonicTime.Now(TimeProvider.System) >= time.ExposureStart + TimeSpan.FromMilliseconds(9));
        await camera.StopAsync();
        Assert.Equal(CameraState.Stopped, camera.State);
    }

    [Fact]
    public void Wrong_options_are_all_named()
    {
        var e = Assert.Throws<ArgumentException>(() =>
            new BeltCamera("belt", new(new(), _clock), new() { Rate = 0, ReadoutMs = -1, Format = PixelFormat.Nv12 }, _clock));
        foreach (string name in new[] { "/rate", "/readout_ms", "/format" })
            Assert.Contains(name, e.Message, StringComparison.Ordinal);
    }
}
