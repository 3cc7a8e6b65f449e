using System.Text.Json;
using System.Text.RegularExpressions;
using Yolact.Edge.Hosting;

namespace Yolact.Edge.Tests.Hosting;

/// <summary>
/// How the program ends while it is busy: asked to (SIGTERM), or killed dead. Its output lines are the belt's in a file, which keeps their levels
/// when the program is gone, as a GPIO chip may.
/// </summary>
public sealed partial class StoppingTests(TinyModel model) : IDisposable, IClassFixture<TinyModel>
{
    private const int Terminate = 15, Kill = 9;

    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("yolact-stopping-");

    private string Levels => Path.Combine(_folder.FullName, "lines.txt");

    public void Dispose() => _folder.Delete(recursive: true);

    /// <summary>More parts than the network has time for, each of which asks for a long pulse; the third line is active where it is safe.</summary>
    private string[] Busy(string device) =>
    [
        .. model.Settings,
        $"device={device}",
        "cameras/0/trigger/mode=edge",
        "cameras/0/trigger/line=barrier",
        "cameras/0/trigger/frames_per_edge=4",
        "cameras/0/trigger/share_frames=true",
        "belt/speed=3000",
        "belt/spacing=120",
        "belt/max_size=60",
        "belt/exposure_ms=1",
        $"gpio/level_file={Levels}",
        "gpio/outputs/0/name=reject",
        "gpio/outputs/1/name=busy",
        "gpio/outputs/2/name=hold",
        "gpio/outputs/2/safe_active=true",
        "lines/busy=busy",
        "rules/0/name=all",
        "rules/0/conditions/0/min_count=0",
        "rules/0/output/line=reject",
        "rules/0/output/delay_ms=10000",
        "rules/0/output/pulse_ms=60000",
    ];

    [Fact]
    public async Task Asked_to_stop_it_publishes_what_it_accepted_and_leaves_the_lines_safe()
    {
        CancellationToken cancellation = TestContext.Current.CancellationToken;
        using ApplianceProcess appliance = ApplianceProcess.Run(Busy("stop"));
        await using Subscriber subscriber = await Subscriber.ToAsync(appliance, "stop", cancellation);
        await subscriber.UntilAsync(all => all.Detections.Count > 100, cancellation);
        await LevelsAsync("1 reject", cancellation);

        appliance.Signal(Terminate);
        Assert.Equal(0, await appliance.ExitAsync(cancellation));
        // What the broker had left to hand on at its end arrives with the last state.
        await subscriber.UntilAsync(all => all.States is [.., "disconnected"], cancellation);

        Assert.Equal(["0 reject", "0 busy", "1 hold"], await File.ReadAllLinesAsync(Levels, cancellation));
        (long published, long edges, long overruns, long unanswered) = Totals(appliance.Output);
        (long Edge, int Index)[] frames = [.. subscriber.Detections.Select(FrameOfEdge)];
        Assert.Equal(published, frames.Length);
        Assert.Equal(frames.Distinct(), frames);
        (_, IReadOnlyList<long> reported) = subscriber.Edges();
        Assert.Equal(overruns + unanswered, reported.Count);
        // Every edge that there was is heard of: none is lost in between or at the end.
        long[] known = [.. frames.Select(frame => frame.Edge).Concat(reported).Distinct().Order()];
        Assert.Equal(Enumerable.Range(1, known.Length).Select(id => (long)id), known);
        Assert.Equal(edges, known.Length);
    }

    [Fact]
    public async Task Killed_dead_it_leaves_a_pulse_standing_that_the_helper_ends_and_the_next_start_is_clean()
    {
        CancellationToken cancellation = TestContext.Current.CancellationToken;
        string[] settings = Busy("killed");
        string run;
        using (ApplianceProcess appliance = ApplianceProcess.Run(settings))
        {
            await using Subscriber subscriber = await Subscriber.ToAsync(appliance, "killed", cancellation);
            await subscriber.UntilAsync(all => all.Detections.Count > 0, cancellation);
            run = RunOf(subscriber.Detections[0]);
            await LevelsAsync("1 reject", cancellation);
            appliance.Signal(Kill);
            await appliance.ExitAsync(cancellation);
        }
        Assert.Contains("1 reject", await File.ReadAllTextAsync(Levels, cancellation), StringComparison.Ordinal);

        string[] arguments = ["lines", "safe", .. settings.SelectMany(setting => (string[])["--set", setting])];
        var systemd = new Dictionary<string, string> { ["SERVICE_RESULT"] = "signal", ["EXIT_STATUS"] = "KILL", ["STATE_DIRECTORY"] = _folder.FullName };
        using (ApplianceProcess helper = ApplianceProcess.Start(systemd, arguments))
        {
            Assert.Equal(0, await helper.ExitAsync(cancellation));
            Assert.Contains("reject", helper.Output, StringComparison.Ordinal);
        }
        Assert.Equal(["0 reject", "0 busy", "1 hold"], await File.ReadAllLinesAsync(Levels, cancellation));
        Assert.Equal(new("signal", "KILL"), FailedRun.Read(_folder.FullName));

        using ApplianceProcess again = ApplianceProcess.Run(settings);
        await using Subscriber second = await Subscriber.ToAsync(again, "killed", cancellation);
        // First come the promised messages that the killed run still owed, each once; then those of this run.
        await second.UntilAsync(all => all.Detections.Any(message => RunOf(message) != run), cancellation);
        Assert.Contains("0 reject", await File.ReadAllTextAsync(Levels, cancellation), StringComparison.Ordinal);
        again.Signal(Terminate);
        Assert.Equal(0, await again.ExitAsync(cancellation));
        // Edges are counted anew; the subscriber may have come after the first ones.
        (long Edge, int Index)[] frames = [.. second.Detections.Where(message => RunOf(message) != run).Select(FrameOfEdge)];
        Assert.All(frames, frame => Assert.InRange(frame.Edge, 1, Totals(again.Output).Edges));
        Assert.Equal(frames.Distinct(), frames);
    }

    private async Task LevelsAsync(string row, CancellationToken cancellation)
    {
        using var patience = CancellationTokenSource.CreateLinkedTokenSource(cancellation);
        patience.CancelAfter(ApplianceProcess.Patience);
        while (!(await File.ReadAllTextAsync(Levels, patience.Token)).Contains(row, StringComparison.Ordinal))
            await Task.Delay(20, patience.Token);
    }

    // A message's id is device/run/number.
    private static string RunOf(JsonElement message) => message.GetProperty("id").GetString()!.Split('/')[1];

    private static (long Edge, int Index) FrameOfEdge(JsonElement message)
    {
        JsonElement trigger = message.GetProperty("trigger");
        return (trigger.GetProperty("edge_id").GetInt64(), trigger.GetProperty("frame_index").GetInt32());
    }

    private static (long Published, long Edges, long Overruns, long Unanswered) Totals(string output)
    {
        Match match = TotalsLine().Match(output);
        Assert.True(match.Success, output);
        return (Number(2), Number(3), Number(4), Number(5));

        long Number(int group) => long.Parse(match.Groups[group].ValueSpan, System.Globalization.CultureInfo.InvariantCulture);
    }

    [GeneratedRegex(@"Stopped: (\d+) frames captured, (\d+) published, (\d+) edges, (\d+) overruns, (\d+) unanswered")]
    private static partial Regex TotalsLine();
}
