using Yolact.Edge.Capture.Cameras;
using Yolact.Edge.Capture.GStreamer;
using Yolact.Edge.Capture.Recordings;
using Yolact.Edge.Capture.Tests.GStreamer;
using Yolact.Edge.Hosting;
using Yolact.Edge.Imaging;
using Yolact.Edge.Models;
using Yolact.Edge.Simulation.Camera;
using Yolact.Edge.Simulation.World;
using Yolact.Edge.Vision;
using Yolact.Edge.Vision.Drawing;

namespace Yolact.Edge.Tests.Sources;

/// <summary>
/// Pictures of the belt on different ways to the bundled network: straight, as a recording, as a folder of pictures, as a video file through
/// GStreamer, and from a network camera. Lossless ways must give the very same detections; JPEG over RTSP the same objects, nearly.
/// </summary>
public sealed class SameDetectionsTests : IDisposable
{
    private const int Pictures = 12;

    /// <summary>What JPEG over RTSP may change: objects surer than this are found on both ways, with boxes that overlap so much (IoU) and scores
    /// that differ by no more. The stream's JPEG has a quarter of the colour and, as RTP does not name it, a wrong range of values.</summary>
    private const float Sure = 0.5f, ScoreChange = 0.2f;

    private const double Overlap = 0.85;

    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("yolact-sources-");
    private readonly Detector _detector = Detector.Open(ModelFolders.Find(null).Main);
    private readonly Frame[] _pictures = new Frame[Pictures];
    private readonly Seen[][] _expected = new Seen[Pictures][];

    public SameDetectionsTests()
    {
        var world = new BeltWorld(new BeltWorldOptions { Seed = 11 }, new MonotonicTime(0));
        using var view = new BeltView(world);
        var pool = new FramePool(keep: Pictures);
        for (int i = 0; i < Pictures; i++)
        {
            _pictures[i] = pool.Rent(FrameLayout.Packed(world.Options.Width, world.Options.Height, PixelFormat.Rgb24));
            view.Render(new MonotonicTime((4 + (i * 6L)) * 500_000_000), _pictures[i]);
            _pictures[i].Sequence = i;
            _pictures[i].Time = new FrameTime(new MonotonicTime(i * 10_000_000L), FrameTimeMeaning.ExposureStart, TimeSpan.Zero);
            _expected[i] = Look(_pictures[i]);
            Overlay.Draw(_pictures[i], [], []).Save(Path.Combine(_folder.FullName, $"{i:00}.png"));
        }
        Assert.True(_expected.Sum(seen => seen.Count(one => one.Score > Sure)) >= Pictures, "the belt shows hardly anything: nothing is tested");
    }

    public void Dispose()
    {
        _detector.Dispose();
        _folder.Delete(recursive: true);
    }

    [Fact]
    public async Task A_recording_gives_the_same_detections()
    {
        string file = Path.Combine(_folder.FullName, "belt.rec");
        using (var recording = new RecordingWriter(file))
        {
            foreach (Frame picture in _pictures)
                Assert.True(recording.Write(picture));
            recording.Finish();
        }
        Assert.Equal(_expected, await PlayAsync(new CameraOptions { Kind = CameraKind.Recording, Source = file }));
    }

    [Fact]
    public async Task A_folder_of_pictures_gives_the_same_detections() =>
        Assert.Equal(_expected, await PlayAsync(new CameraOptions { Kind = CameraKind.Folder, Source = _folder.FullName }));

    [Fact]
    public async Task A_video_file_gives_the_same_detections()
    {
        Native.Need("multifilesrc", "pngdec", "matroskamux", "matroskademux");
        string file = Path.Combine(_folder.FullName, "belt.mkv");
        Native.Run($"multifilesrc location={PipelineDescription.Quote(Path.Combine(_folder.FullName, "%02d.png"))} caps=image/png,framerate=25/1 ! pngdec "
            + $"! videoconvert ! video/x-raw,format=RGB ! matroskamux ! filesink location={PipelineDescription.Quote(file)}");
        Assert.Equal(_expected, await PlayAsync(new CameraOptions { Kind = CameraKind.File, Source = file }));
    }

    [Fact]
    public async Task A_network_camera_gives_the_same_objects()
    {
        Native.Need("multifilesrc", "pngdec", "jpegenc", "jpegdec", "rtpjpegpay", "rtpjpegdepay", "rtspsrc");
        using var server = new RtspServer($"( multifilesrc location={PipelineDescription.Quote(Path.Combine(_folder.FullName, "%02d.png"))} loop=true "
            + "caps=image/png,framerate=5/1 ! pngdec ! videoconvert ! video/x-raw,format=I420 ! jpegenc quality=95 ! rtpjpegpay name=pay0 )");
        var seen = new Seen[]?[Pictures];
        var all = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        await using ICamera camera = Camera(new CameraOptions { Kind = CameraKind.Rtsp, Source = server.Address });
        await camera.StartAsync(
            frame =>
            {
                using (frame)
                    seen[Nearest(frame.Picture)] ??= Look(frame.Picture);
                if (seen.All(one => one is not null))
                    all.TrySetResult();
            },
            TestContext.Current.CancellationToken);
        await all.Task.WaitAsync(TimeSpan.FromMinutes(3), TestContext.Current.CancellationToken);
        await camera.StopAsync();

        for (int i = 0; i < Pictures; i++)
        {
            Assert.True(Seen.Alike(_expected[i], seen[i]!, Sure, Overlap, ScoreChange),
                $"picture {i}: {string.Join(", ", (object[])_expected[i])} became {string.Join(", ", (object[])seen[i]!)}");
        }
    }

    private Seen[] Look(Frame frame)
    {
        using DetectionList detections = _detector.Detect(frame);
        return Seen.Of(detections);
    }

    private ICamera Camera(CameraOptions options) =>
        CameraFactory.Create(options, new BeltWorld(new BeltWorldOptions(), TimeProvider.System), _detector.Config.InputSize, TimeProvider.System);

    private async Task<Seen[][]> PlayAsync(CameraOptions options)
    {
        List<Seen[]> seen = [];
        var ended = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        await using ICamera camera = Camera(options);
        camera.StateChanged += change =>
        {
            if (change.State == CameraState.Ended)
                ended.TrySetResult();
            else if (change.State == CameraState.Failed)
                ended.TrySetException(new CameraException(change.Reason));
        };
        await camera.StartAsync(
            frame =>
            {
                using (frame)
                    seen.Add(Look(frame.Picture));
            },
            TestContext.Current.CancellationToken);
        await ended.Task.WaitAsync(TimeSpan.FromMinutes(3), TestContext.Current.CancellationToken);
        return [.. seen];
    }

    /// <summary>Which picture a frame shows: the one that differs least, over every 16th pixel.</summary>
    private int Nearest(Frame frame)
    {
        int bytes = frame.Layout.BytesPerPixel, red = frame.Format == PixelFormat.Rgb24 ? 0 : 2;
        return Enumerable.Range(0, Pictures).MinBy(i =>
        {
            long difference = 0;
            for (int y = 0; y < frame.Height; y += 16)
            {
                for (int x = 0; x < frame.Width; x += 16)
                    difference += Math.Abs(frame.Row(y)[(x * bytes) + red] - _pictures[i].Row(y)[x * 3]);
            }
            return difference;
        });
    }
}
