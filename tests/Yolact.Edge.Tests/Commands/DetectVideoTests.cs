using System.Text.Json;
using System.Text.RegularExpressions;
using Yolact.Edge.Capture.Tests.GStreamer;
using Yolact.Edge.Tests.Hosting;

namespace Yolact.Edge.Tests.Commands;

/// <summary>The program's own commands as a person types them: record the belt, look at the recording, look at a video.</summary>
public sealed partial class DetectVideoTests(TinyModel model) : IClassFixture<TinyModel>, IDisposable
{
    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("yolact-video-");

    public void Dispose() => _folder.Delete(recursive: true);

    [Fact]
    public async Task What_was_recorded_can_be_looked_at_and_played_with_its_edges()
    {
        CancellationToken cancellation = TestContext.Current.CancellationToken;
        string recording = PathOf("belt.yrec"), results = PathOf("results.json");
        string said = await RunAsync(0, "record", recording, "--frames", "40", "--set", "belt/speed=2000", "--set", "belt/exposure_ms=1");
        int edges = int.Parse(Recorded().Match(said).Groups[1].ValueSpan, System.Globalization.CultureInfo.InvariantCulture);
        Assert.True(edges >= 2, said);

        said = await RunAsync(0, "detect", recording, "--model", model.Path, "--json", results, "-o", _folder.FullName, "--threshold", "0", "--frames", "5");
        Assert.Contains("in 5 pictures", said, StringComparison.Ordinal);
        long[] pictures = [.. JsonDocument.Parse(await File.ReadAllBytesAsync(results, cancellation)).RootElement.EnumerateArray()
            .Select(one => one.GetProperty("image_id").GetInt64()).Distinct()];
        Assert.Equal(5, pictures.Length);
        Assert.Equal(5, _folder.GetFiles("belt-*.overlay.png").Length);

        // Played again, the recorded edges ask for the recorded frames.
        using ApplianceProcess appliance = ApplianceProcess.Run([.. model.Settings, "device=played", "cameras/0/kind=recording", $"cameras/0/source={recording}",
            "cameras/0/loop=true", "cameras/0/trigger/mode=edge", "cameras/0/trigger/line=barrier"]);
        await using Subscriber subscriber = await Subscriber.ToAsync(appliance, "played", cancellation);
        await subscriber.UntilAsync(all => all.Detections.Count >= 3, cancellation);
        Assert.All(subscriber.Detections, message => Assert.InRange(
            message.GetProperty("trigger").GetProperty("frame_minus_edge_ns").GetInt64(), 0, 1_000_000_000));
    }

    [Fact]
    public async Task A_video_is_looked_at_frame_by_frame()
    {
        Native.Need("videotestsrc", "matroskamux", "matroskademux");
        string video = PathOf("clip.mkv");
        Native.Run($"videotestsrc num-buffers=7 ! video/x-raw,format=RGB,width=160,height=120,framerate=25/1 ! matroskamux ! filesink location=\"{video}\"");
        string said = await RunAsync(0, "detect", video, "--model", model.Path);
        Assert.Equal(7, FrameLine().Count(said));
    }

    [Fact]
    public async Task A_video_that_is_none_says_so()
    {
        Native.Need("appsink");
        string video = PathOf("notes.mp4");
        await File.WriteAllTextAsync(video, new string('x', 5000), TestContext.Current.CancellationToken);
        Assert.Contains("notes.mp4", await RunAsync(1, "detect", video, "--model", model.Path), StringComparison.Ordinal);
    }

    private string PathOf(string name) => Path.Combine(_folder.FullName, name);

    private static async Task<string> RunAsync(int code, params string[] arguments)
    {
        using ApplianceProcess program = ApplianceProcess.Start(new Dictionary<string, string>(), arguments);
        int ended = await program.ExitAsync(TestContext.Current.CancellationToken);
        Assert.True(code == ended, $"exit code {ended}: {program.Output}");
        return program.Output;
    }

    [GeneratedRegex(@"40 frames and (\d+) edges")]
    private static partial Regex Recorded();

    [GeneratedRegex(@"(?m)^clip frame \d+: ")]
    private static partial Regex FrameLine();
}
