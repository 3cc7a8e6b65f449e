using System.CommandLine;
using System.Globalization;
using System.Text.Json;
using Spectre.Console;
using Yolact.Edge.Bench;
using Yolact.Edge.Detecting;
using Yolact.Edge.Imaging;
using Yolact.Edge.Models;
using Yolact.Edge.Vision.Engines;
using Yolact.Edge.Vision.Pictures;
using Yolact.Edge.Vision.Suppression;

namespace Yolact.Edge.Commands;

/// <summary><c>bench</c>: where a frame's time goes.</summary>
public static class BenchCommand
{
    // Frames lie in memory, decoded.
    private const int MaxPictures = 64;

    private sealed record Arguments(
        string Image, string? Model, (int Width, int Height)? Size, BenchOptions Options, bool Worker, string? Save, string? Compare, bool Published, bool Json,
        TextWriter Out);

    /// <summary>The command.</summary>
    public static Command Create()
    {
        BenchOptions defaults = new();
        var image = new Argument<string>("IMAGE") { Description = $"A picture, a folder or a pattern (at most {MaxPictures} pictures); decoded before anything is measured." };
        var model = new Option<string?>("--model", "-m") { Description = "An .onnx file, a folder with one, or a model's name. Default: the bundled model." };
        var size = new Option<string?>("--size") { Description = "Scale the pictures to WIDTHxHEIGHT before, such as 1280x720." };
        var frames = new Option<int>("--frames") { Description = "Frames measured.", DefaultValueFactory = _ => defaults.Frames };
        var warmUp = new Option<int>("--warm-up") { Description = "Frames run before, not measured.", DefaultValueFactory = _ => defaults.WarmUp };
        var objects = new Option<int?>("--objects") { Description = "Set the score threshold so that this many objects are found in the first picture." };
        var provider = new Option<ExecutionProvider>("--provider") { Description = "What runs the network; auto takes the best that works.", DefaultValueFactory = _ => defaults.Engine.Provider };
        var nms = new Option<NmsMode>("--nms") { Description = "Which of several boxes on the same object stays.", DefaultValueFactory = _ => defaults.Nms };
        var noRescoring = new Option<bool>("--no-rescoring") { Description = "Leave the re-scoring of masks out." };
        var threads = new Option<int>("--threads") { Description = "CPU threads of the engine; 0 for one a core." };
        var noStages = new Option<bool>("--no-stages") { Description = "Do not cut the network into its stages: half the time and memory." };
        var worker = new Option<bool>("--worker") { Description = "Run the appliance's pipeline too, at full rate, publishing to an embedded broker, against the bare engine loop." };
        var save = new Option<string?>("--save") { Description = "Keep the report.", HelpName = "FILE" };
        var compare = new Option<string?>("--compare") { Description = "Show the ratios to a report that was kept.", HelpName = "FILE" };
        var published = new Option<bool>("--published") { Description = "Show the figures of the YOLACT++ and YolactEdge papers beside it." };
        var json = new Option<bool>("--json") { Description = "Print JSON." };
        var command = new Command("bench", """
            Measure where a frame's time goes: the stages of the network (the graph is cut at named values), then decoding, NMS, masks, re-scoring and
            the message, beside the whole graph and a bare engine run. Everything alternates in one run.

            Times do not depend on what a network has learnt: 'model import --synthetic yolact_plus_resnet50' makes one to measure without a checkpoint.

            Examples:
              yolact-edge bench photo.jpg --model yolact_plus_resnet50 --size 1280x720 --objects 20
              yolact-edge bench photos --worker --save before.json
              yolact-edge bench photos --worker --compare before.json
            """)
        { image, model, size, frames, warmUp, objects, nms, noRescoring, provider, threads, noStages, worker, save, compare, published, json };
        command.SetAction((result, cancellation) => CommandErrors.GuardAsync(() => Task.Run(() => RunAsync(
            new Arguments(
                result.GetRequiredValue(image), result.GetValue(model), Size(result.GetValue(size)),
                new BenchOptions
                {
                    Frames = AtLeast("--frames", result.GetValue(frames), 1),
                    WarmUp = AtLeast("--warm-up", result.GetValue(warmUp), 0),
                    Objects = result.GetValue(objects) is { } wanted ? AtLeast("--objects", wanted, 1) : null,
                    Nms = result.GetValue(nms),
                    Rescore = !result.GetValue(noRescoring),
                    Stages = !result.GetValue(noStages),
                    Engine = new EngineOptions { Provider = result.GetValue(provider), Threads = result.GetValue(threads) },
                },
                result.GetValue(worker), result.GetValue(save), result.GetValue(compare), result.GetValue(published), result.GetValue(json),
                result.InvocationConfiguration.Output),
            cancellation))));
        return command;
    }

    private static async Task<int> RunAsync(Arguments arguments, CancellationToken cancellation)
    {
        // Read before the long work: a wrong file should not cost it.
        BenchReport? before = arguments.Compare is { } path ? Read(path) : null;
        string model = ModelFolders.Find(arguments.Model).Main;
        var pool = new FramePool();
        List<Frame> frames = [];
        try
        {
            foreach (string file in PictureInputs.Resolve(arguments.Image).Take(MaxPictures))
                frames.Add(Load(file, arguments.Size, pool));
            BenchReport report = await MeasureAsync(model, frames, arguments, cancellation);
            if (arguments.Save is { } save)
                await File.WriteAllTextAsync(save, JsonSerializer.Serialize(report, BenchJson.Default.BenchReport), cancellation);
            Print(report, before, arguments);
        }
        finally
        {
            frames.ForEach(frame => frame.Dispose());
        }
        return ExitCode.Ok;
    }

    private static async Task<BenchReport> MeasureAsync(string model, IReadOnlyList<Frame> frames, Arguments arguments, CancellationToken cancellation)
    {
        BenchReport? report = null;
        await using (var bench = new FrameBench(model, frames, arguments.Options))
            Progress.Start($"{arguments.Options.Frames} frames", progress => report = bench.Run(progress, cancellation));
        if (!arguments.Worker)
            return report!;
        await using WorkerBench worker = await WorkerBench.StartAsync(model, frames, arguments.Options);
        Progress.Start("worker", progress => report = report! with { Worker = worker.Run(progress, cancellation) });
        return report!;
    }

    private static void Print(BenchReport report, BenchReport? before, Arguments arguments)
    {
        if (before is not null)
        {
            foreach (string difference in BenchComparison.Differences(before, report))
                CommandErrors.Note(difference);
        }
        if (arguments.Json)
        {
            arguments.Out.WriteLine(JsonSerializer.Serialize(report, BenchJson.Default.BenchReport));
            return;
        }
        IAnsiConsole console = AnsiConsole.Create(new AnsiConsoleSettings { Out = new AnsiConsoleOutput(arguments.Out) });
        console.Profile.Width = AnsiConsole.Profile.Width;
        BenchTable.Write(console, report);
        if (before is not null)
            BenchTable.WriteComparison(console, before, report);
        if (arguments.Published)
            BenchTable.WritePublished(console, report);
    }

    private static BenchReport Read(string path)
    {
        try
        {
            using FileStream file = File.OpenRead(path);
            return JsonSerializer.Deserialize(file, BenchJson.Default.BenchReport) ?? throw new InvalidDataException($"{path} holds no report of 'bench --save'.");
        }
        catch (JsonException error)
        {
            throw new InvalidDataException($"{path} is no report of 'bench --save': {error.Message}", error);
        }
    }

    private static int AtLeast(string option, int value, int least) =>
        value >= least ? value : throw new InvalidDataException($"{option} {value}: at least {least} is expected.");

    private static (int Width, int Height)? Size(string? text)
    {
        if (text is null)
            return null;
        string[] parts = text.Split('x');
        return parts.Length == 2 && int.TryParse(parts[0], CultureInfo.InvariantCulture, out int width) && int.TryParse(parts[1], CultureInfo.InvariantCulture, out int height)
            && width is > 0 and <= FrameLayout.MaxSide && height is > 0 and <= FrameLayout.MaxSide
            ? (width, height)
            : throw new InvalidDataException($"--size {text}: WIDTHxHEIGHT is expected, such as 1280x720.");
    }

    // To the three-byte format that cameras deliver. Nearest neighbour will do: what is measured is time.
    private static Frame Load(string file, (int Width, int Height)? wanted, FramePool pool)
    {
        using Frame source = PictureFile.Read(file, pool);
        (int width, int height) = wanted ?? (source.Width, source.Height);
        Frame frame = pool.Rent(FrameLayout.Packed(width, height, PixelFormat.Rgb24));
        for (int y = 0; y < height; y++)
        {
            ReadOnlySpan<byte> from = source.Row((int)((long)y * source.Height / height));
            Span<byte> to = frame.Row(y);
            for (int x = 0; x < width; x++)
            {
                int pixel = (int)((long)x * source.Width / width) * 4;
                (to[3 * x], to[(3 * x) + 1], to[(3 * x) + 2]) = (from[pixel + 2], from[pixel + 1], from[pixel]);
            }
        }
        return frame;
    }
}
