using Yolact.Edge.Capture.Cameras;
using Yolact.Edge.Capture.GStreamer;
using Yolact.Edge.Capture.Recovery;

namespace Yolact.Edge.Capture.Tests.GStreamer;

public sealed class GStreamerCameraTests : IDisposable
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(60);
    private readonly string _folder = Directory.CreateTempSubdirectory("gstreamer").FullName;
    private readonly FramePool _pool = new();

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Theory]
    [InlineData("RGB", PixelFormat.Rgb24, 5)]
    [InlineData("BGR", PixelFormat.Bgr24, 7)]
    [InlineData("BGRx", PixelFormat.Bgrx32, 64)]
    [InlineData("GRAY8", PixelFormat.Gray8, 33)]
    [InlineData("NV12", PixelFormat.Nv12, 33)]
    [InlineData("YUY2", PixelFormat.Yuy2, 33)]
    public async Task A_known_colour_has_known_pixels_in_every_format_whatever_the_stride(string format, PixelFormat expected, int width)
    {
        Native.Need("videotestsrc", "appsink");
        // Colours that survive BT.601's rounding both ways: white, and a grey.
        List<CameraFrame> frames = await TakeAsync(Custom($"videotestsrc num-buffers=2 pattern=solid-color foreground-color=0xffffffff "
            + $"! video/x-raw,format={format},width={width},height=9 ! appsink name=picture sync=false"), 2);
        Frame frame = frames[0].Picture;
        Assert.Equal((width, 9, expected), (frame.Width, frame.Height, frame.Format));
        (byte Luma, byte Chroma) white = expected is PixelFormat.Nv12 or PixelFormat.Yuy2 or PixelFormat.Gray8 ? ((byte)235, (byte)128) : ((byte)255, (byte)255);
        for (int y = 0; y < 9; y++)
        {
            ReadOnlySpan<byte> row = frame.Row(y)[..(width / 2 * 2 * frame.Layout.BytesPerPixel)];
            for (int i = 0; i < row.Length; i++)
                Assert.Equal(expected == PixelFormat.Yuy2 && i % 2 == 1 ? white.Chroma : expected == PixelFormat.Gray8 && row[i] == 255 ? (byte)255 : white.Luma, row[i]);
        }
        if (expected == PixelFormat.Nv12)
            Assert.All(frame.Pixels[frame.Layout.ChromaOffset..].ToArray(), c => Assert.Equal(128, c));
        Release(frames);
    }

    [Fact]
    public async Task Pixels_keep_their_place_and_order_of_colours()
    {
        Native.Need("videotestsrc", "appsink");
        List<CameraFrame> frames = await TakeAsync(Custom("videotestsrc num-buffers=1 pattern=solid-color foreground-color=0xff102030 "
            + "! video/x-raw,format=RGB,width=7,height=3 ! appsink name=picture sync=false"), 1);
        for (int y = 0; y < 3; y++)
            Assert.Equal(Enumerable.Repeat<byte[]>([0x10, 0x20, 0x30], 7).SelectMany(p => p), frames[0].Picture.Row(y).ToArray());
        Release(frames);
    }

    [Fact]
    public async Task A_lossless_file_comes_back_bit_exact_and_complete()
    {
        Native.Need("matroskamux", "videotestsrc", "matroskademux");
        (string file, byte[][] pictures) = WriteVideo(20, 9, 30);
        var camera = new CameraOptions { Kind = CameraKind.File, Source = file };
        List<CameraFrame> frames = await TakeAsync(camera, 30, CameraState.Ended);
        Assert.Equal(30, frames.Count);
        for (int i = 0; i < 30; i++)
        {
            Frame frame = frames[i].Picture;
            Assert.Equal(i, frame.Sequence);
            Assert.Equal(FrameTimeMeaning.ExposureStart, frame.Time.Meaning);
            for (int y = 0; y < 9; y++)
                Assert.True(frame.Row(y).SequenceEqual(pictures[i].AsSpan(y * 20 * 3, 20 * 3)), $"picture {i}, row {y}");
        }
        // 25 pictures a second, to Matroska's millisecond.
        Assert.Equal(Enumerable.Range(0, 30).Select(i => (long)i * 40), frames.Select(f => (f.Picture.Time.Time.Nanoseconds - frames[0].Picture.Time.Time.Nanoseconds) / 1_000_000));
        Release(frames);
    }

    [Fact]
    public async Task A_second_sink_brings_the_full_picture_of_the_same_exposure_and_its_size()
    {
        Native.Need("videotestsrc", "appsink", "videoscale");
        List<CameraFrame> frames = await TakeAsync(Custom("videotestsrc num-buffers=8 ! video/x-raw,format=RGB,width=64,height=48 ! tee name=both "
            + "both. ! queue ! videoscale ! video/x-raw,width=16,height=16 ! appsink name=picture sync=false "
            + "both. ! queue ! appsink name=full sync=false"), 8, CameraState.Ended);
        Assert.NotEmpty(frames);
        foreach (CameraFrame frame in frames)
        {
            Assert.True(frame.IsMadeForNetwork);
            Assert.Equal((16, 16), (frame.Picture.Width, frame.Picture.Height));
            Assert.Equal((64, 48), (frame.SourceWidth, frame.SourceHeight));
            if (frame.FullPicture is not { } full)
                continue;
            Assert.Same(full, frame.SourcePicture);
            Assert.Equal((frame.Picture.Sequence, frame.Picture.Time), (full.Sequence, full.Time));
        }
        Assert.Contains(frames, frame => frame.FullPicture is not null);
        Release(frames);
    }

    [Fact]
    public async Task A_looping_file_begins_anew_and_numbers_and_times_go_on()
    {
        Native.Need("matroskamux", "videotestsrc", "matroskademux");
        (string file, byte[][] pictures) = WriteVideo(16, 16, 4);
        List<CameraFrame> frames = await TakeAsync(new() { Kind = CameraKind.File, Source = file, Loop = true }, 10);
        Assert.Equal(Enumerable.Range(0, 10).Select(i => (long)i), frames.Take(10).Select(f => f.Picture.Sequence));
        Assert.Equal(pictures[1].AsSpan(0, 3).ToArray(), frames[5].Picture.Row(0)[..3].ToArray());
        Assert.True(frames[5].Picture.Time.Time > frames[3].Picture.Time.Time);
        Release(frames);
    }

    [Fact]
    public async Task Sound_beside_the_picture_is_left_alone()
    {
        Native.Need("matroskamux", "audiotestsrc", "videotestsrc");
        string file = Path.Combine(_folder, "sound.mkv");
        Native.Run("matroskamux name=mux ! filesink location=" + PipelineDescription.Quote(file)
            + " audiotestsrc num-buffers=20 ! mux. videotestsrc num-buffers=5 ! video/x-raw,format=RGB,width=32,height=32 ! mux.");
        List<CameraFrame> frames = await TakeAsync(new() { Kind = CameraKind.File, Source = file }, 5, CameraState.Ended);
        Assert.Equal(5, frames.Count);
        Release(frames);
    }

    [Fact]
    public async Task Rtsp_delivers_the_picture_within_what_jpeg_costs()
    {
        Native.Need("rtspsrc", "jpegenc", "jpegdec", "rtpjpegpay", "rtpjpegdepay");
        using var server = new RtspServer("( videotestsrc is-live=true pattern=solid-color foreground-color=0xff4080c0 "
            + "! video/x-raw,format=I420,width=64,height=48,framerate=30/1 ! jpegenc quality=95 ! rtpjpegpay name=pay0 )");
        List<CameraFrame> frames = await TakeAsync(new() { Kind = CameraKind.Rtsp, Source = server.Address, LatencyMs = 50 }, 5);
        Frame frame = frames[^1].Picture;
        Assert.Equal((64, 48, FrameTimeMeaning.Arrival), (frame.Width, frame.Height, frame.Time.Meaning));
        Assert.True(frames.Zip(frames.Skip(1)).All(p => p.First.Picture.Sequence < p.Second.Picture.Sequence));
        using Frame rgb = ToRgb(frame);
        ReadOnlySpan<byte> pixel = rgb.Row(24).Slice(32 * 3, 3);
        // RTP's JPEG does not say its range: limited range read as full moves a value by up to 16 (16..235 for 0..255), the coding by 4.
        Assert.InRange(pixel[0], 0x40 - 20, 0x40 + 20);
        Assert.InRange(pixel[1], 0x80 - 20, 0x80 + 20);
        Assert.InRange(pixel[2], 0xc0 - 20, 0xc0 + 20);
        Release(frames);
    }

    [Fact]
    public async Task A_live_camera_whose_handler_is_slow_drops_frames_and_numbers_tell()
    {
        Native.Need("videotestsrc", "appsink");
        var second = new TaskCompletionSource<long>(TaskCreationOptions.RunContinuationsAsynchronously);
        using var hold = new ManualResetEventSlim();
        await using var camera = new GStreamerCamera(Custom("videotestsrc is-live=true ! video/x-raw,format=GRAY8,width=32,height=32,framerate=200/1 "
            + "! identity name=taken silent=true ! appsink name=picture max-buffers=1 drop=true sync=false"), _pool);
        long first = -1;
        await camera.StartAsync(f =>
        {
            if (first < 0)
                (first, _) = (f.Picture.Sequence, hold.Wait(Patience));
            else
                second.TrySetResult(f.Picture.Sequence);
            f.Dispose();
        }, TestContext.Current.CancellationToken);
        // Long enough for more than the one buffer that is kept.
        await Task.Delay(200, TestContext.Current.CancellationToken);
        hold.Set();
        Assert.True(await second.Task.WaitAsync(Patience, TestContext.Current.CancellationToken) > first + 1);
    }

    [Fact]
    public async Task A_source_that_breaks_or_freezes_is_recovered_and_numbers_keep_rising()
    {
        Native.Need("videotestsrc", "appsink", "concat", "appsrc");
        const string live = "videotestsrc is-live=true num-buffers={0} ! video/x-raw,format=GRAY8,width=32,height=32,framerate=100/1";
        const string sink = "identity name=taken silent=true ! appsink name=picture max-buffers=1 drop=true sync=false";
        string[] pipelines =
        [
            // Breaks after 10 frames; freezes after 10 (the second input of concat never speaks); then runs.
            $"{string.Format(null, live, 1000)} ! identity error-after=10 ! {sink}",
            $"concat name=c ! {sink} {string.Format(null, live, 10)} ! c. appsrc ! c.",
            $"{string.Format(null, live, 100_000)} ! {sink}",
        ];
        int made = 0;
        var numbers = new List<long>();
        var reasons = new List<string>();
        var enough = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        await using var camera = new SupervisedCamera("cam0", () => new GStreamerCamera(Custom(pipelines[Math.Min(made++, 2)]), _pool),
            new() { StallMs = 400, RetryMs = 100 }, TimeProvider.System);
        camera.StateChanged += change =>
        {
            if (change.Rung is not null)
                reasons.Add(change.Reason);
        };
        await camera.StartAsync(f =>
        {
            numbers.Add(f.Picture.Sequence);
            f.Dispose();
            if (made == 3 && numbers.Count > 40)
                enough.TrySetResult();
        }, TestContext.Current.CancellationToken);
        await enough.Task.WaitAsync(Patience, TestContext.Current.CancellationToken);
        await camera.StopAsync();
        Assert.Equal(2, camera.Stalls);
        Assert.Equal(2, reasons.Count);
        Assert.Contains("no frame for 400 ms", reasons[1], StringComparison.Ordinal);
        Assert.Equal(numbers.Distinct().Order(), numbers);
    }

    [Theory]
    [InlineData("nosuchelement ! appsink name=picture", "nosuchelement")]
    [InlineData("videotestsrc ! video/x-raw,format=I420 ! appsink name=picture", "I420")]
    [InlineData("videotestsrc ! appsink name=other", "appsink name=picture")]
    public async Task A_pipeline_that_cannot_work_says_why(string pipeline, string expected)
    {
        Native.Need("videotestsrc", "appsink");
        string reason = "";
        await using var camera = new GStreamerCamera(Custom(pipeline), _pool);
        var failed = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        camera.StateChanged += change =>
        {
            if (change.State == CameraState.Failed)
            {
                reason += change.Reason;
                failed.TrySetResult();
            }
        };
        try
        {
            await camera.StartAsync(f => f.Dispose(), TestContext.Current.CancellationToken);
            await failed.Task.WaitAsync(Patience, TestContext.Current.CancellationToken);
        }
        catch (CameraException error)
        {
            reason += error.Message;
        }
        Assert.Contains(expected, reason, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_csi_camera_off_a_jetson_names_the_package()
    {
        Native.Need("appsink");
        if (GStreamerLibrary.Has("nvarguscamerasrc"))
            Assert.Skip("this is a Jetson: nvarguscamerasrc is there");
        await using var camera = new GStreamerCamera(new() { Kind = CameraKind.Csi }, _pool, (550, 550));
        CameraException error = await Assert.ThrowsAsync<CameraException>(() => camera.StartAsync(f => f.Dispose(), TestContext.Current.CancellationToken));
        Assert.True(error.IsPermanent);
        Assert.Contains("nvidia-l4t-gstreamer", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_device_that_is_not_plugged_in_may_come_yet_a_file_may_not()
    {
        Native.Need("appsink");
        await using var usb = new GStreamerCamera(new() { Kind = CameraKind.Usb, Source = "/dev/video99" }, _pool);
        Assert.False((await Assert.ThrowsAsync<CameraException>(() => usb.StartAsync(f => f.Dispose(), TestContext.Current.CancellationToken))).IsPermanent);
        await using var file = new GStreamerCamera(new() { Kind = CameraKind.File, Source = "/no/such.mkv" }, _pool);
        Assert.True((await Assert.ThrowsAsync<CameraException>(() => file.StartAsync(f => f.Dispose(), TestContext.Current.CancellationToken))).IsPermanent);
    }

    [Fact]
    public async Task A_file_that_is_no_video_fails_with_gstreamers_reason()
    {
        Native.Need("appsink");
        string file = Path.Combine(_folder, "notes.mkv");
        await File.WriteAllTextAsync(file, new string('x', 10_000), TestContext.Current.CancellationToken);
        await using var camera = new GStreamerCamera(new() { Kind = CameraKind.File, Source = file }, _pool);
        var failed = new TaskCompletionSource<string>(TaskCreationOptions.RunContinuationsAsynchronously);
        camera.StateChanged += change =>
        {
            if (change.State == CameraState.Failed)
                failed.TrySetResult(change.Reason);
        };
        await camera.StartAsync(f => f.Dispose(), TestContext.Current.CancellationToken);
        Assert.NotEmpty(await failed.Task.WaitAsync(Patience, TestContext.Current.CancellationToken));
    }

    private static CameraOptions Custom(string pipeline) => new() { Kind = CameraKind.Custom, Pipeline = pipeline };

    private static void Release(List<CameraFrame> frames) => frames.ForEach(f => f.Dispose());

    private async Task<List<CameraFrame>> TakeAsync(CameraOptions options, int count, CameraState? until = null)
    {
        var frames = new List<CameraFrame>();
        var done = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        await using var camera = new GStreamerCamera(options, _pool);
        camera.StateChanged += change =>
        {
            if (change.State == until)
                done.TrySetResult();
            else if (change.State == CameraState.Failed)
                done.TrySetException(new CameraException(change.Reason));
        };
        await camera.StartAsync(f =>
        {
            frames.Add(f);
            if (until is null && frames.Count == count)
                done.TrySetResult();
        }, TestContext.Current.CancellationToken);
        await done.Task.WaitAsync(Patience, TestContext.Current.CancellationToken);
        return frames;
    }

    /// <summary>A video of noise, uncompressed in Matroska, and the same pictures as raw bytes beside it.</summary>
    private (string File, byte[][] Pictures) WriteVideo(int width, int height, int count)
    {
        string raw = Path.Combine(_folder, "raw");
        string file = Path.Combine(_folder, "a \"quoted\" name.mkv");
        Native.Run($"videotestsrc num-buffers={count} pattern=snow ! video/x-raw,format=RGB,width={width},height={height},framerate=25/1 "
            + $"! tee name=t t. ! queue ! filesink location={PipelineDescription.Quote(raw)} "
            + $"t. ! queue ! matroskamux ! filesink location={PipelineDescription.Quote(file)}");
        return (file, [.. File.ReadAllBytes(raw).Chunk(width * height * 3)]);
    }

    /// <summary>Orders the colours of whichever RGB format the pipeline chose.</summary>
    private Frame ToRgb(Frame frame)
    {
        Frame rgb = _pool.Rent(FrameLayout.Packed(frame.Width, frame.Height, PixelFormat.Rgb24));
        for (int y = 0; y < frame.Height; y++)
        {
            Span<byte> row = rgb.Row(y);
            for (int x = 0; x < frame.Width; x++)
            {
                ReadOnlySpan<byte> pixel = frame.Row(y)[(x * frame.Layout.BytesPerPixel)..];
                (row[x * 3], row[(x * 3) + 1], row[(x * 3) + 2]) = frame.Format switch
                {
                    PixelFormat.Rgb24 => (pixel[0], pixel[1], pixel[2]),
                    PixelFormat.Bgr24 or PixelFormat.Bgrx32 => (pixel[2], pixel[1], pixel[0]),
                    _ => throw new NotSupportedException($"the test expects colour, not {frame.Format}"),
                };
            }
        }
        return rgb;
    }
}
