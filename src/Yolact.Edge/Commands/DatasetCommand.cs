using System.CommandLine;
using System.CommandLine.Parsing;
using System.Diagnostics;
using System.Globalization;
using Spectre.Console;
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
            Description = "Every picture follows from it: the same seed makes the same set; use another one for held-out pictures.",
            DefaultValueFactory = _ => 1,
        };
        var count = new Option<int>("--count") { Description = "How many pictures.", DefaultValueFactory = _ => 100 };
        var output = new Option<DirectoryInfo>("--output", "-o") { Description = "A new or empty folder for the set.", Required = true };
        var size = new Option<(int Width, int Height)>("--size")
        {
            Description = "Size of a picture in px, as WIDTHxHEIGHT.",
            CustomParser = ParseSize,
            DefaultValueFactory = _ => (640, 480),
        };
        var threads = new Option<int>("--threads")
        {
            Description = "Pictures made side by side.",
            DefaultValueFactory = _ => Environment.ProcessorCount,
        };
        var command = new Command("synth", $"""
            Render a labelled data set of the belt world: images/*.png and annotations.json in COCO's format.

            Each picture shows another belt, light and camera with none to about nine parts, apart or in heaps, of the classes
            {string.Join(", ", BeltParts.ClassNames)} (category ids from 1, in this order). Masks are the visible px, exact to the px;
            instances with fewer than {DatasetSynth.MinVisiblePixels} visible px or less than {DatasetSynth.MinVisibleShare:P0} of the part in view are left out.

            Examples:
              yolact-edge dataset synth --seed 1 --count 5000 -o data/train
              yolact-edge dataset synth --seed 900001 --count 500 -o data/held-out

            Exit codes: 0 done, 1 the disk failed, 2 bad options or a folder in use, 130 stopped (nothing stays behind).
            """)
        { seed, count, output, size, threads };
        command.SetAction((parsed, cancel) => Task.FromResult(Synthesise(
            new DatasetSynthOptions
            {
                Seed = parsed.GetValue(seed),
                Count = parsed.GetValue(count),
                Width = parsed.GetValue(size).Width,
                Height = parsed.GetValue(size).Height,
                Threads = parsed.GetValue(threads),
            },
            parsed.GetValue(output)!,
            cancel)));
        return command;
    }

    private static (int, int) ParseSize(ArgumentResult result)
    {
        string[] sides = result.Tokens.Count == 1 ? result.Tokens[0].Value.Split('x') : [];
        if (sides.Length == 2
            && int.TryParse(sides[0], NumberStyles.None, CultureInfo.InvariantCulture, out int width)
            && int.TryParse(sides[1], NumberStyles.None, CultureInfo.InvariantCulture, out int height))
        {
            return (width, height);
        }
        result.AddError("--size: WIDTHxHEIGHT in px, such as 640x480.");
        return default;
    }

    private static int Synthesise(DatasetSynthOptions options, DirectoryInfo output, CancellationToken cancel)
    {
        var errors = new List<string>();
        options.Validate((name, right) => errors.Add($"--{name}: {right}."));
        if (errors.Count > 0)
        {
            Console.Error.WriteLine(string.Join(Environment.NewLine, errors));
            return ExitCode.BadInput;
        }
        if (DatasetSynth.Refusal(output.FullName) is { } refusal)
        {
            Console.Error.WriteLine(refusal);
            return ExitCode.BadInput;
        }
        long start = Stopwatch.GetTimestamp();
        int instances = 0;
        try
        {
            IAnsiConsole console = AnsiConsole.Create(new AnsiConsoleSettings { Out = new AnsiConsoleOutput(Console.Error) });
            console.Progress()
                .Columns(new TaskDescriptionColumn(), new ProgressBarColumn(), new PercentageColumn(), new RemainingTimeColumn())
                .Start(context =>
                {
                    ProgressTask task = context.AddTask("Rendering", maxValue: options.Count);
                    instances = DatasetSynth.Write(options, output.FullName, () => task.Increment(1), cancel);
                });
        }
        catch (OperationCanceledException)
        {
            Console.Error.WriteLine("Stopped; nothing was written.");
            return ExitCode.Cancelled;
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            Console.Error.WriteLine($"The data set could not be written: {e.Message}");
            return ExitCode.Failed;
        }
        double seconds = Stopwatch.GetElapsedTime(start).TotalSeconds;
        Console.WriteLine(string.Create(CultureInfo.InvariantCulture,
            $"{options.Count} pictures with {instances} parts in {output.FullName} ({seconds:0.0} s, {options.Count / seconds:0} pictures/s)"));
        return ExitCode.Ok;
    }
}
