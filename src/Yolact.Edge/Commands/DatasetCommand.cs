using System.CommandLine;
using System.Diagnostics;
using System.Globalization;
using Yolact.Edge.Simulation.Dataset;
using Yolact.Edge.Simulation.Parts;

namespace Yolact.Edge.Commands;

/// <summary>`dataset`: pictures to train and measure with.</summary>
public static class DatasetCommand
{
    /// <summary>The command with its subcommands.</summary>
    public static Command Create() => new("dataset", "Pictures to train and measure with.") { CreateSynth() };

    private static Command CreateSynth()
    {
        var seed = new Option<ulong>("--seed")
        {
            Description = "Every picture follows from it: the same seed, the same set; use another one for held-out pictures.",
            DefaultValueFactory = _ => 1,
        };
        var count = new Option<int>("--count") { Description = "How many pictures.", DefaultValueFactory = _ => 100 };
        var output = new Option<DirectoryInfo>("--output", "-o") { Description = "A new or empty folder.", Required = true };
        var size = new Option<string>("--size")
        {
            Description = "Size of a picture in px.",
            HelpName = "WIDTHxHEIGHT",
            DefaultValueFactory = _ => "640x480",
        };
        size.Validators.Add(result =>
        {
            if (SizeOf(result.GetValueOrDefault<string>()) is null)
                result.AddError("--size: WIDTHxHEIGHT in px, such as 640x480.");
        });
        var threads = new Option<int>("--threads")
        {
            Description = "Pictures made side by side.",
            DefaultValueFactory = _ => Environment.ProcessorCount,
        };
        var command = new Command("synth", $"""
            Render a labelled data set of the belt world: images/*.png and annotations.json in COCO's format.

            Each picture shows another belt, light and camera with none to about nine parts, apart or in heaps.
            Category ids count from 1: {string.Join(", ", BeltParts.ClassNames)}.

            Masks are the visible px, exact to the px. Instances with fewer than {DatasetSynth.MinVisiblePixels} visible px,
            or less than {DatasetSynth.MinVisibleShare * 100:0} % of the part in view, are left out.

            Examples:
              yolact-edge dataset synth --seed 1 --count 5000 -o data/train
              yolact-edge dataset synth --seed 900001 --count 500 -o data/held-out

            Exit codes: 0 done, 1 the disk failed, 2 bad options or a folder in use, 130 stopped (nothing stays behind).
            """)
        { seed, count, output, size, threads };
        // On another thread: signals are listened to only once the action has returned its task.
        command.SetAction((parsed, cancel) => Task.Run(() => CommandErrors.Guard(() =>
        {
            (int width, int height) = SizeOf(parsed.GetValue(size)!)!.Value;
            var options = new DatasetSynthOptions
            {
                Seed = parsed.GetValue(seed),
                Count = parsed.GetValue(count),
                Width = width,
                Height = height,
                Threads = parsed.GetValue(threads),
            };
            return Synthesise(options, parsed.GetValue(output)!.FullName, cancel);
        }), CancellationToken.None));
        return command;
    }

    private static (int Width, int Height)? SizeOf(string? text)
    {
        string[] sides = text?.Split('x') ?? [];
        return sides.Length == 2
            && int.TryParse(sides[0], NumberStyles.None, CultureInfo.InvariantCulture, out int width)
            && int.TryParse(sides[1], NumberStyles.None, CultureInfo.InvariantCulture, out int height)
            ? (width, height)
            : null;
    }

    private static int Synthesise(DatasetSynthOptions options, string directory, CancellationToken cancel)
    {
        var errors = new List<string>();
        options.Validate((name, right) => errors.Add($"--{(name is "width" or "height" ? $"size, {name}" : name)}: {right}."));
        if (DatasetSynth.Refusal(directory) is { } refusal)
            errors.Add(refusal);
        if (errors.Count > 0)
        {
            errors.ForEach(CommandErrors.Report);
            return ExitCode.BadInput;
        }
        long start = Stopwatch.GetTimestamp();
        int instances = 0, done = 0;
        Progress.Start($"Rendering {options.Count} pictures", progress => instances = DatasetSynth.Write(
            options, directory, () => progress.Report((double)Interlocked.Increment(ref done) / options.Count), cancel));
        double seconds = Stopwatch.GetElapsedTime(start).TotalSeconds;
        Console.WriteLine(string.Create(CultureInfo.InvariantCulture,
            $"{options.Count} pictures with {instances} parts in {directory} "
            + $"({seconds:0.0} s, {options.Count / seconds:0.0} a second)"));
        return ExitCode.Ok;
    }
}
