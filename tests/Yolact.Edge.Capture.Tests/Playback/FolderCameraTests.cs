using Yolact.Edge.Capture.Cameras;
using Yolact.Edge.Capture.Playback;

namespace Yolact.Edge.Capture.Tests.Playback;

public sealed class FolderCameraTests : IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("pictures").FullName;
    private readonly FramePool _pool = new();

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Fact]
    public async Task Pictures_come_in_the_order_of_their_names_and_broken_ones_are_passed_over()
    {
        Write("b.png", 2, "a.jpg", 1, "broken.png", 255, "c.PNG", 3);
        File.WriteAllText(Path.Combine(_folder, "notes.txt"), "not a picture");
        (List<(long Sequence, byte Value)> frames, FolderCamera camera) = await PlayAsync(new());
        Assert.Equal([(0L, (byte)1), (1L, (byte)2), (2L, (byte)3)], frames);
        Assert.Equal((CameraState.Ended, 1L), (camera.State, camera.Skipped));
    }

    [Fact]
    public async Task Looping_goes_on_until_stopped()
    {
        Write("a.png", 1, "b.png", 2);
        (List<(long Sequence, byte Value)> frames, FolderCamera camera) = await PlayAsync(new() { Loop = true }, stopAfter: 5);
        Assert.Equal([1, 2, 1, 2, 1], frames.Take(5).Select(f => (int)f.Value));
        Assert.Equal(CameraState.Stopped, camera.State);
    }

    [Fact]
    public async Task At_a_rate_times_are_exact()
    {
        Write("a.png", 1, "b.png", 2, "c.png", 3);
        var times = new List<long>();
        await using FolderCamera camera = Make(new() { Fps = 200 });
        await camera.StartAsync(f =>
        {
            times.Add(f.Picture.Time.Time.Nanoseconds);
            f.Dispose();
        }, TestContext.Current.CancellationToken);
        await camera.Completion.WaitAsync(TimeSpan.FromSeconds(30), TestContext.Current.CancellationToken);
        Assert.Equal([0, 5_000_000, 10_000_000], times.Select(t => t - times[0]));
    }

    [Fact]
    public async Task An_empty_or_missing_folder_is_an_error_that_says_so()
    {
        await using FolderCamera empty = Make(new());
        CameraException error = await Assert.ThrowsAsync<CameraException>(() => empty.StartAsync(f => f.Dispose(), TestContext.Current.CancellationToken));
        Assert.True(error.IsPermanent);
        Assert.Contains("holds no picture", error.Message, StringComparison.Ordinal);
        await using FolderCamera missing = Make(new() { Source = Path.Combine(_folder, "missing") });
        await Assert.ThrowsAsync<CameraException>(() => missing.StartAsync(f => f.Dispose(), TestContext.Current.CancellationToken));
    }

    [Fact]
    public async Task A_folder_of_nothing_but_broken_pictures_fails_instead_of_spinning()
    {
        Write("broken.png", 255);
        (_, FolderCamera camera) = await PlayAsync(new() { Loop = true });
        Assert.Equal(CameraState.Failed, camera.State);
    }

    private void Write(params object[] namesAndValues)
    {
        for (int i = 0; i < namesAndValues.Length; i += 2)
            File.WriteAllBytes(Path.Combine(_folder, (string)namesAndValues[i]), [Convert.ToByte(namesAndValues[i + 1], null)]);
    }

    private FolderCamera Make(CameraOptions options) => new(options with { Kind = CameraKind.Folder, Source = options.Source ?? _folder }, (path, pool) =>
    {
        byte value = File.ReadAllBytes(path)[0];
        if (value == 255)
            throw new InvalidDataException("no picture");
        Frame frame = pool.Rent(FrameLayout.Packed(16, 16, PixelFormat.Gray8));
        frame.Pixels.Fill(value);
        return frame;
    }, _pool, TimeProvider.System);

    private async Task<(List<(long Sequence, byte Value)> Frames, FolderCamera Camera)> PlayAsync(CameraOptions options, int stopAfter = int.MaxValue)
    {
        var frames = new List<(long, byte)>();
        var enough = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        await using FolderCamera camera = Make(options);
        await camera.StartAsync(f =>
        {
            frames.Add((f.Picture.Sequence, f.Picture.Pixels[0]));
            f.Dispose();
            if (frames.Count == stopAfter)
                enough.SetResult();
        }, TestContext.Current.CancellationToken);
        await Task.WhenAny(camera.Completion, enough.Task).WaitAsync(TimeSpan.FromSeconds(30), TestContext.Current.CancellationToken);
        await camera.StopAsync();
        return (frames, camera);
    }
}
