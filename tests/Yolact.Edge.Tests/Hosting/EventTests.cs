using System.Text.Json;
using Yolact.Edge.Capture.Lines;
using Yolact.Edge.Capture.Recordings;
using Yolact.Edge.Imaging;
using Yolact.Edge.Vision.Drawing;

namespace Yolact.Edge.Tests.Hosting;

/// <summary>What can happen to camera, trigger and lines is told to subscribers, each by its own event. (Stalls: <see cref="CameraRecoveryTests"/>.)</summary>
public sealed class EventTests(TinyModel model) : IClassFixture<TinyModel>, IDisposable
{
    private static readonly string[] Edge = ["cameras/0/trigger/mode=edge", "cameras/0/trigger/line=barrier"];
    private static readonly string[] Fast = ["belt/speed=6000", "belt/spacing=100", "belt/max_size=60", "belt/exposure_ms=1"];
    private static readonly string[] Impatient =
        ["rules/0/name=now", "rules/0/conditions/0/min_count=0", "rules/0/output/line=reject", "rules/0/output/delay_ms=0", "rules/0/output/deadline_ms=0"];

    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("yolact-events-");
    private readonly FramePool _frames = new();

    public void Dispose() => _folder.Delete(recursive: true);

    [Fact]
    public Task More_parts_than_frames_are_overruns() => HappensAsync("overrun", edge: true, line: null, [.. Edge, .. Fast]);

    [Fact]
    public Task A_part_without_a_frame_in_time_is_an_unanswered_edge() =>
        HappensAsync("unanswered_edge", edge: true, line: null, [.. Edge, "cameras/0/trigger/maximum_lag_ms=0", "belt/speed=1000"]);

    [Fact]
    public Task A_result_after_its_deadline_is_a_late_output() =>
        HappensAsync("output_late", edge: true, line: "reject", [.. Edge, .. Impatient, "belt/speed=1000"]);

    [Fact]
    public Task A_frame_that_cannot_be_processed_is_told_and_the_next_one_is_taken() =>
        HappensAsync("inference_failed", edge: false, line: null, ["cameras/0/region_of_interest/x=0", "cameras/0/region_of_interest/y=0",
            "cameras/0/region_of_interest/width=5000", "cameras/0/region_of_interest/height=5000"], times: 3);

    [Fact]
    public Task A_folder_that_was_shown_is_an_ended_camera()
    {
        using Frame frame = Picture(0);
        // Long enough for somebody to listen before it is over.
        for (int i = 0; i < 20; i++)
            Overlay.Draw(frame, [], []).Save(Path.Combine(_folder.FullName, $"{i:00}.png"));
        return HappensAsync("camera_ended", edge: false, line: null, ["cameras/0/kind=folder", $"cameras/0/source={_folder.FullName}", "cameras/0/fps=2"]);
    }

    [Fact]
    public async Task Edges_that_a_driver_lost_are_missed()
    {
        string file = Path.Combine(_folder.FullName, "gap.yrec");
        using (var recording = new RecordingWriter(file))
        {
            // Of ten events of the line in a second, numbers 4 to 6 are gone.
            foreach (int i in (int[])[0, 1, 2, 3, 7, 8, 9])
            {
                recording.Write("barrier", new LineEvent(new MonotonicTime((i * 100_000_000L) + 1), i % 2 == 0 ? LineEdge.Rising : LineEdge.Falling, i));
                using Frame frame = Picture(i);
                recording.Write(frame);
            }
            recording.Finish();
        }
        JsonElement missed = await HappensAsync("edges_missed", edge: false, line: "barrier", [.. Edge, "cameras/0/kind=recording", $"cameras/0/source={file}",
            "cameras/0/loop=true"]);
        Assert.Equal(3, missed.GetProperty("count").GetInt64());
    }

    private async Task<JsonElement> HappensAsync(string name, bool edge, string? line, string[] settings, int times = 1)
    {
        CancellationToken cancellation = TestContext.Current.CancellationToken;
        string device = name.Replace('_', '-');
        using ApplianceProcess appliance = ApplianceProcess.Run([.. model.Settings, $"device={device}", .. settings]);
        await using Subscriber subscriber = await Subscriber.ToAsync(appliance, device, cancellation);
        await subscriber.UntilAsync(all => all.Events.Count(Is) >= times, cancellation);
        JsonElement happened = subscriber.Events.First(Is);
        Assert.Equal("cam0", happened.GetProperty("camera").GetString());
        Assert.Equal(edge, happened.TryGetProperty("edge_id", out JsonElement id) && id.ValueKind == JsonValueKind.Number);
        Assert.Equal(line, happened.TryGetProperty("line", out JsonElement its) ? its.GetString() : null);
        Assert.NotEmpty(happened.GetProperty("message").GetString()!);
        return happened;

        bool Is(JsonElement message) => message.GetProperty("event").GetString() == name;
    }

    private Frame Picture(int number)
    {
        Frame frame = _frames.Rent(FrameLayout.Packed(64, 48, PixelFormat.Rgb24));
        frame.Pixels.Fill(128);
        frame.Sequence = number;
        frame.Time = new FrameTime(new MonotonicTime((number * 100_000_000L) + 1_000_000), FrameTimeMeaning.ExposureStart, TimeSpan.Zero);
        return frame;
    }
}
