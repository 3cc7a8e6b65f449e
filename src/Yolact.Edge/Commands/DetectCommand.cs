using System.CommandLine;
using System.Globalization;
using Yolact.Edge.Capture.Cameras;
using Yolact.Edge.Capture.Recordings;
using Yolact.Edge.Detecting;
using Yolact.Edge.Hosting;
using Yolact.Edge.Imaging;
using Yolact.Edge.Models;
using Yolact.Edge.Simulation.World;
using Yolact.Edge.Vision;
using Yolact.Edge.Vision.Pictures;
using Yolact.Edge.Vision.Suppression;

namespace Yolact.Edge.Commands;

/// <summary><c>detect</c>: pictures or videos in, overlays and COCO results out.</summary>
public static class DetectCommand
{
    /// <summary>The command.</summary>
    public static Command Create()
    {
        var input = new Argument<string>("INPUT") { Description = "A picture, a folder of pictures, or a pattern such as 'parts/*.png' (quoted); a video file, a recording, rtsp://host/stream, or /dev/video0." };
        var model = new Option<string?>("--model", "-m") { Description = "An .onnx file, a folder with one, or a model's name. Default: the bundled model." };
        var threshold = new Option<float>("--threshold") { Description = "Only objects whose score is above this, 0..1. Default 0.15.", DefaultValueFactory = _ => 0.15f };
        var top = new Option<int>("--top") { Description = "At most this many objects a picture. Default 100.", DefaultValueFactory = _ => 100 };
        var nms = new Option<NmsMode>("--nms") { Description = "Which of several boxes on one object stays: fast (the paper's), traditional, or crossclass." };
        var frames = new Option<long?>("--frames", "-n") { Description = "Look at this many pictures at most, 1 or more. Default: all; of a camera, until Ctrl-C." };
        var output = new Option<DirectoryInfo?>("--output", "-o") { Description = "Write each picture with masks, boxes and labels drawn into this folder." };
        var json = new Option<FileInfo?>("--json") { Description = "Write COCO results (pycocotools loads them) to this file." };
        var command = new Command("detect", """
            Find objects in pictures and videos.

            Examples:
              yolact-edge detect belt.png -o out
              yolact-edge detect photos --model yolact_plus_resnet50 --json results.json
              yolact-edge detect 'parts/*.jpg' --threshold 0.3 --top 20
              yolact-edge detect line3.mp4 --json results.json
              yolact-edge detect rtsp://camera/stream --frames 100 -o out

            Without -o and --json the objects are listed. Exit codes: 0 all pictures were looked at; 1 a file could not be written;
            2 a picture or the model cannot be used (the other pictures are looked at all the same).
            """)
        { input, model, threshold, top, nms, frames, output, json };
        // On the pool: only when the action has returned is Ctrl-C turned into the token.
        command.SetAction((result, cancellation) => Task.Run(() => CommandErrors.GuardAsync(async () =>
        {
            float least = result.GetValue(threshold);
            var options = new DetectorOptions
            {
                ScoreThreshold = least,
                FinalThreshold = least,
                MaxDetections = result.GetValue(top),
                Nms = result.GetValue(nms),
            };
            string[] errors = [.. options.Validate("$")];
            if (errors.Length > 0)
                throw new InvalidDataException(string.Join(Environment.NewLine, errors));
            if (result.GetValue(frames) is < 1)
                throw new InvalidDataException($"--frames: 1 or more, not {result.GetValue(frames)}");
            return await DetectAsync(result.GetRequiredValue(input), result.GetValue(model), result.GetValue(frames), options, result.GetValue(output), result.GetValue(json), cancellation);
        })));
        return command;
    }

    private static async Task<int> DetectAsync(string input, string? model, long? most, DetectorOptions options, DirectoryInfo? output, FileInfo? json,
        CancellationToken cancellation)
    {
        CameraOptions? moving = MovingInput.Of(input);
        IReadOnlyList<string> pictures = moving is null ? PictureInputs.Resolve(input) : [];
        using Detector detector = Detector.Open(ModelFolders.Find(model).Main, options);
        using var outputs = new DetectionOutputs(detector, output, json);
        int failed = moving is null
            ? Look(most is { } count ? [.. pictures.Take((int)Math.Min(count, int.MaxValue))] : pictures, outputs, cancellation)
            : await LookAsync(moving, most, outputs, detector.Config.InputSize, cancellation);
        outputs.Complete();
        if (!outputs.Lists)
            Console.WriteLine($"{outputs.Objects} objects in {outputs.Pictures} pictures");
        return failed == 0 ? ExitCode.Ok : ExitCode.BadInput;
    }

    private static int Look(IReadOnlyList<string> pictures, DetectionOutputs outputs, CancellationToken cancellation)
    {
        var pool = new FramePool();
        int failed = 0;
        Progress.Start($"{pictures.Count} pictures", progress =>
        {
            for (int i = 0; i < pictures.Count; i++)
            {
                cancellation.ThrowIfCancellationRequested();
                string path = pictures[i];
                try
                {
                    using Frame frame = PictureFile.Read(path, pool);
                    outputs.Look(path, Path.GetFileNameWithoutExtension(path), CategoryIds.OfPicture(path, i + 1), frame);
                }
                catch (PictureException error)
                {
                    failed++;
                    CommandErrors.Report(error.Message);
                }
                progress.Report((i + 1.0) / pictures.Count);
            }
        });
        return failed;
    }

    private static async Task<int> LookAsync(CameraOptions source, long? most, DetectionOutputs outputs, int networkSize, CancellationToken cancellation)
    {
        string name = Path.GetFileNameWithoutExtension(source.Source!.TrimEnd('/'));
        // A file waits for whoever looks; unpaced, so that a recording is not played at the speed of the past.
        await using ICamera camera = source.Kind == CameraKind.Recording
            ? new RecordingCamera(source, new FramePool(), TimeProvider.System, unpaced: true)
            : CameraFactory.Create(source, new BeltWorld(new BeltWorldOptions(), TimeProvider.System), networkSize, TimeProvider.System);
        try
        {
            await FrameRun.TakeAsync(camera, most, Look, cancellation);
        }
        catch (CameraException error)
        {
            throw new CameraException($"{source.Source}: {error.Message}", error) { IsPermanent = error.IsPermanent };
        }
        // Of a camera there is no other end; a file that was not looked at to its end gives no results.
        if (source.Kind is CameraKind.File or CameraKind.Recording)
            cancellation.ThrowIfCancellationRequested();
        return 0;

        void Look(CameraFrame frame)
        {
            long number = frame.Picture.Sequence;
            outputs.Look($"{name} frame {number}", string.Create(CultureInfo.InvariantCulture, $"{name}-{number:000000}"), number + 1, frame.Picture);
        }
    }
}
