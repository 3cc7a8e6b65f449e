using Yolact.Edge.Capture.Cameras;
using Yolact.Edge.Capture.GStreamer;
using Yolact.Edge.Capture.Tests.GStreamer;
using Yolact.Edge.Capture.Triggers;
using Yolact.Edge.Hosting;
using Yolact.Edge.Imaging;
using Yolact.Edge.Messaging.Payloads.Detections;
using Yolact.Edge.Models;
using Yolact.Edge.Pipeline;
using Yolact.Edge.Simulation.Camera;
using Yolact.Edge.Simulation.World;
using Yolact.Edge.Vision;
using Yolact.Edge.Vision.Drawing;
using Yolact.Edge.Vision.Preprocessing;

namespace Yolact.Edge.Tests.Sources;

/// <summary>
/// A camera that cuts out, turns and scales by itself, as a Jetson's converter does, here by GStreamer's software elements: the network must see
/// that picture as it is, and boxes and masks must lie in the full picture as if the full picture had been looked at.
/// </summary>
public sealed class ScaledPictureTests : IDisposable
{
    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("yolact-scaled-");
    private readonly Detector _detector = Detector.Open(ModelFolders.Find(null).Main);
    private readonly string _picture;
    private readonly Frame _full;

    public ScaledPictureTests()
    {
        var world = new BeltWorld(new BeltWorldOptions { Seed = 5, Spacing = 170, MaxSize = 130 }, new MonotonicTime(0));
        using var view = new BeltView(world);
        _full = new FramePool().Rent(FrameLayout.Packed(world.Options.Width, world.Options.Height, PixelFormat.Rgb24));
        view.Render(new MonotonicTime(6_000_000_000), _full);
        _picture = Path.Combine(_folder.FullName, "belt.png");
        Overlay.Draw(_full, [], []).Save(_picture);
    }

    public void Dispose() => _folder.Delete(recursive: true);

    // GStreamer's names of the turns: 90r is clockwise.
    [Theory]
    [InlineData(false, 0, "")]
    [InlineData(true, 0, "")]
    [InlineData(true, 90, "! videoflip video-direction=90r")]
    [InlineData(true, 180, "! videoflip video-direction=180")]
    [InlineData(false, 270, "! videoflip video-direction=90l")]
    public async Task Boxes_and_masks_lie_in_the_full_picture_whatever_the_camera_did(bool region, int rotation, string flip)
    {
        Native.Need("filesrc", "pngdec", "imagefreeze", "videocrop", "videoflip", "videoscale", "appsink");
        PixelRect? part = region ? new PixelRect(60, 40, 520, 400) : null;
        int size = _detector.Config.InputSize;
        string crop = region ? $"! videocrop left=60 right={640 - 580} top=40 bottom={480 - 440}" : "";
        var options = new CameraOptions
        {
            Kind = CameraKind.Custom,
            RegionOfInterest = part,
            Rotation = rotation,
            Pipeline = $"filesrc location={PipelineDescription.Quote(_picture)} ! pngdec ! imagefreeze num-buffers=4 ! videoconvert ! video/x-raw,format=RGB "
                + $"! tee name=both both. ! queue {crop} {flip} ! videoscale method=bilinear add-borders=false ! video/x-raw,width={size},height={size},pixel-aspect-ratio=1/1 "
                + "! appsink name=picture sync=false both. ! queue ! appsink name=full sync=false",
        };
        var view = new PictureView(part, (Rotation)(rotation / 90));
        using DetectionList wanted = _detector.Detect(_full, view);
        Seen[] expected = Seen.Of(wanted);
        Assert.True(expected.Count(one => one.Score > 0.5f) >= 2, "the belt shows hardly anything: nothing is tested");

        var finished = new TaskCompletionSource<(Seen[] Seen, int Width, int Height, bool Picture)>(TaskCreationOptions.RunContinuationsAsynchronously);
        // Nothing is published here.
        var recipe = new Recipe(_detector, view, slots: 2, new ModelTrace("belt", "", _detector.Config.Classes), rules: null!, publisher: null!);
        using var pipeline = new FramePipeline(slots: 2, queue: 4, TimeProvider.System,
            result => finished.TrySetResult((Seen.Of(result.Detections), result.Width, result.Height, result.Picture is not null)),
            (_, error) => finished.TrySetException(error));
        await using ICamera camera = CameraFactory.Create(options, new BeltWorld(new BeltWorldOptions(), TimeProvider.System), size, TimeProvider.System);
        await camera.StartAsync(
            frame =>
            {
                if (frame.FullPicture is null)
                {
                    frame.Dispose();
                    return;
                }
                recipe.Use();
                pipeline.Offer(new CapturedFrame(frame), recipe);
            },
            TestContext.Current.CancellationToken);
        (Seen[] seen, int width, int height, bool picture) = await finished.Task.WaitAsync(TimeSpan.FromMinutes(3), TestContext.Current.CancellationToken);
        await camera.StopAsync();
        pipeline.Stop();
        recipe.Release();
        await recipe.Freed;

        Assert.Equal((640, 480, true), (width, height, picture));
        // Rounded to bytes on the way, and GStreamer's own bilinear weights: not the same bits, but the same objects.
        Assert.True(Seen.Alike(expected, seen, sure: 0.5f, overlap: 0.85, score: 0.15f),
            $"{string.Join(", ", (object[])expected)} became {string.Join(", ", (object[])seen)}");
    }
}
