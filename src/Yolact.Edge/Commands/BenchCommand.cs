using System.CommandLine;
using System.Globalization;
using System.Text.Json;
using Spectre.Console;
using Yolact.Edge.Bench;
using Yolact.Edge.Imaging;
using Yolact.Edge.Models;
using Yolact.Edge.Vision.Engines;
using Yolact.Edge.Vision.Pictures;
using Yolact.Edge.Vision.Suppression;

namespace Yolact.Edge.Commands;

/// <summary><c>bench</c>: where a frame's time goes.</summary>
public static class BenchCommand
{
    /// <summary>The command.</summary>
    public static Command Create()
    {
        var image = new Argument<string>("IMAGE") { Description = "A picture; it is decoded once, before anything is measured." };
        var model = new Option<string?>("--model", "-m") { Description = "An .onnx file, a folder with one, or a model's name. Default: the bundled model." };
        var size = new Option<string?>("--size") { Description = "Scale the picture to WIDTHxHEIGHT before, such as 1280x720." };
        var frames = new Option<int>("--frames") { Description = "Frames measured.", DefaultValueFactory = _ => 30 };
        var objects = new Option<int?>("--objects") { Description = "Set the score threshold so that this many objects are found." };
        var nms = new Option<NmsMode>("--nms") { Description = "Which of several boxes on the same object stays.", DefaultValueFactory = _ => NmsMode.Fast };
        var noRescoring = new Option<bool>("--no-rescoring") { Description = "Leave the re-scoring of masks out." };
        var threads = new Option<int>("--threads") { Description = "CPU threads of the engine; 0 for one a core." };
        var json = new Option<bool>("--json") { Description = "Print JSON." };
        var command = new Command("bench", """
            Measure a whole frame (preprocess, engine, post-process) against the bare engine run, stage by stage. The two alternate in one run.

            Example: yolact-edge bench photo.jpg --model yolact_plus_resnet50 --size 1280x720 --objects 20
            """)
        { image, model, size, frames, objects, nms, noRescoring, threads, json };
        command.SetAction((result, cancellation) => Task.Run(() => CommandErrors.Guard(() =>
        {
            var options = new BenchOptions
            {
                Frames = Math.Max(1, result.GetValue(frames)),
                Objects = result.GetValue(objects),
                Nms = result.GetValue(nms),
                Rescore = !result.GetValue(noRescoring),
                Engine = new EngineOptions { Threads = result.GetValue(threads) },
            };
            var pool = new FramePool();
            using Frame picture = PictureFile.Read(result.GetRequiredValue(image), pool);
            using Frame frame = ToRgb(picture, Size(result.GetValue(size)) ?? (picture.Width, picture.Height), pool);
            BenchReport? report = null;
            Progress.Start($"{options.Frames} frames", progress =>
                report = FrameBench.Run(ModelFolders.Find(result.GetValue(model)).Main, frame, options, progress, cancellation));
            Print(report!, result.GetValue(json));
            return ExitCode.Ok;
        })));
        return command;
    }

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
    private static Frame ToRgb(Frame source, (int Width, int Height) size, FramePool pool)
    {
        Frame frame = pool.Rent(FrameLayout.Packed(size.Width, size.Height, PixelFormat.Rgb24));
        for (int y = 0; y < size.Height; y++)
        {
            ReadOnlySpan<byte> from = source.Row((int)((long)y * source.Height / size.Height));
            Span<byte> to = frame.Row(y);
            for (int x = 0; x < size.Width; x++)
            {
                int pixel = (int)((long)x * source.Width / size.Width) * 4;
                (to[3 * x], to[(3 * x) + 1], to[(3 * x) + 2]) = (from[pixel + 2], from[pixel + 1], from[pixel]);
            }
        }
        return frame;
    }

    private static void Print(BenchReport report, bool json)
    {
        if (json)
        {
            Console.WriteLine(JsonSerializer.Serialize(report, BenchJson.Default.BenchReport));
            return;
        }
        var table = new Table().AddColumns("ms", "median", "5 %", "95 %");
        foreach (BenchRow row in report.Rows)
            table.AddRow(row.Name, $"{row.Median:F2}", $"{row.Percentile5:F2}", $"{row.Percentile95:F2}");
        Console.WriteLine($"{report.Network}, {report.Width} x {report.Height} px, {report.Objects} objects, {report.Frames} frames");
        Console.WriteLine(report.Machine);
        AnsiConsole.Write(table);
        Console.WriteLine($"whole frame : bare engine run = {report.Ratio:F3}; {report.AllocatedBytes:F0} managed bytes a frame; {report.MemoryMiB:F0} MiB resident");
    }
}
