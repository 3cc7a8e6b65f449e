using System.CommandLine;
using Yolact.Edge.Detecting;
using Yolact.Edge.Evaluation.Coco;
using Yolact.Edge.Imaging;
using Yolact.Edge.Models;
using Yolact.Edge.Vision;
using Yolact.Edge.Vision.Drawing;
using Yolact.Edge.Vision.Pictures;
using Yolact.Edge.Vision.Suppression;

namespace Yolact.Edge.Commands;

/// <summary><c>detect</c>: pictures in, overlays and COCO results out.</summary>
public static class DetectCommand
{
    /// <summary>The command.</summary>
    public static Command Create()
    {
        var input = new Argument<string>("INPUT") { Description = "A picture, a folder of pictures, or a pattern such as 'parts/*.png' (quoted)." };
        var model = new Option<string?>("--model", "-m") { Description = "An .onnx file, a folder with one, or a model's name. Default: the bundled model." };
        var threshold = new Option<float>("--threshold") { Description = "Only objects whose score is above this, 0..1. Default 0.15.", DefaultValueFactory = _ => 0.15f };
        var top = new Option<int>("--top") { Description = "At most this many objects a picture. Default 100.", DefaultValueFactory = _ => 100 };
        var nms = new Option<NmsMode>("--nms") { Description = "Which of several boxes on one object stays: fast (the paper's), traditional, or crossclass." };
        var output = new Option<DirectoryInfo?>("--output", "-o") { Description = "Write each picture with masks, boxes and labels drawn into this folder." };
        var json = new Option<FileInfo?>("--json") { Description = "Write COCO results (pycocotools loads them) to this file." };
        var command = new Command("detect", """
            Find objects in pictures.

            Examples:
              yolact-edge detect belt.png -o out
              yolact-edge detect photos --model yolact_plus_resnet50 --json results.json
              yolact-edge detect 'parts/*.jpg' --threshold 0.3 --top 20

            Without -o and --json the objects are listed. Exit codes: 0 all pictures were looked at; 1 a file could not be written;
            2 a picture or the model cannot be used (the other pictures are looked at all the same).
            """)
        { input, model, threshold, top, nms, output, json };
        // On the pool: only when the action has returned is Ctrl-C turned into the token.
        command.SetAction((result, cancellation) => Task.Run(() => CommandErrors.Guard(() =>
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
            return Detect(PictureInputs.Resolve(result.GetRequiredValue(input)), result.GetValue(model), options, result.GetValue(output), result.GetValue(json), cancellation);
        })));
        return command;
    }

    private static int Detect(IReadOnlyList<string> pictures, string? model, DetectorOptions options, DirectoryInfo? output, FileInfo? json,
        CancellationToken cancellation)
    {
        using Detector detector = Detector.Open(ModelFolders.Find(model).Main, options);
        IReadOnlyList<int> categories = CategoryIds.Of(detector.Config);
        var pool = new FramePool();
        bool list = output is null && json is null;
        int failed = 0, objects = 0;
        output?.Create();
        using CocoResultsWriter? results = json is null ? null : new CocoResultsWriter(json.FullName);
        Progress.Start($"{pictures.Count} pictures", progress =>
        {
            for (int i = 0; i < pictures.Count; i++)
            {
                cancellation.ThrowIfCancellationRequested();
                string path = pictures[i];
                try
                {
                    using Frame frame = PictureFile.Read(path, pool);
                    using DetectionList detections = detector.Detect(frame);
                    objects += detections.Count;
                    foreach (Detection one in detections)
                        results?.Write(CategoryIds.OfPicture(path, i + 1), categories[one.ClassId], one.Score, one.Box, one.Mask);
                    if (output is not null)
                        Overlay.Draw(frame, detections.Items, detector.Config.Classes).Save(OverlayPath(output, path));
                    if (list)
                        Print(path, detections, detector.Config.Classes);
                }
                catch (PictureException error)
                {
                    failed++;
                    CommandErrors.Report(error.Message);
                }
                progress.Report((i + 1.0) / pictures.Count);
            }
        });
        results?.Complete();
        if (!list)
            Console.WriteLine($"{objects} objects in {pictures.Count - failed} pictures");
        return failed == 0 ? ExitCode.Ok : ExitCode.BadInput;
    }

    private static string OverlayPath(DirectoryInfo folder, string picture) =>
        Path.Combine(folder.FullName, Path.GetFileNameWithoutExtension(picture) + ".overlay.png");

    private static void Print(string path, DetectionList detections, IReadOnlyList<string> classes)
    {
        Console.WriteLine($"{path}: {detections.Count} objects");
        foreach (Detection detection in detections)
        {
            Box box = detection.Box;
            Console.WriteLine($"  {classes[detection.ClassId],-16} {detection.Score:F3}  box {box.X1:F0},{box.Y1:F0} {box.X2:F0},{box.Y2:F0}  {detection.Mask.Area()} px");
        }
    }
}
