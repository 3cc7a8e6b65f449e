using Yolact.Edge.Evaluation.Coco;
using Yolact.Edge.Imaging;
using Yolact.Edge.Vision;
using Yolact.Edge.Vision.Drawing;

namespace Yolact.Edge.Detecting;

/// <summary>Looks at pictures and writes down what is in them: overlays, COCO results, or a list where neither is wanted.</summary>
public sealed class DetectionOutputs : IDisposable
{
    private readonly Detector _detector;
    private readonly IReadOnlyList<int> _categories;
    private readonly DirectoryInfo? _overlays;
    private readonly CocoResultsWriter? _results;

    /// <summary>Makes the folder and begins the file.</summary>
    /// <param name="detector">The network; not disposed here.</param>
    /// <param name="overlays">Folder for overlays; null for none.</param>
    /// <param name="results">File for COCO results; null for none.</param>
    /// <exception cref="IOException">They cannot be made.</exception>
    public DetectionOutputs(Detector detector, DirectoryInfo? overlays, FileInfo? results)
    {
        ArgumentNullException.ThrowIfNull(detector);
        (_detector, _overlays) = (detector, overlays);
        _categories = CategoryIds.Of(detector.Config);
        overlays?.Create();
        _results = results is null ? null : new CocoResultsWriter(results.FullName);
    }

    /// <summary>True where nothing is written to files, and objects are listed.</summary>
    public bool Lists => _overlays is null && _results is null;

    /// <summary>Objects found so far.</summary>
    public long Objects { get; private set; }

    /// <summary>Pictures looked at so far.</summary>
    public long Pictures { get; private set; }

    /// <summary>Looks at a picture.</summary>
    /// <param name="name">What it is called in the list.</param>
    /// <param name="overlay">Its overlay's name, without an ending.</param>
    /// <param name="id">Its id in the results.</param>
    /// <param name="frame">The picture.</param>
    /// <exception cref="IOException">A file cannot be written.</exception>
    public void Look(string name, string overlay, long id, Frame frame)
    {
        using DetectionList detections = _detector.Detect(frame);
        (Pictures, Objects) = (Pictures + 1, Objects + detections.Count);
        foreach (Detection one in detections)
            _results?.Write(id, _categories[one.ClassId], one.Score, one.Box, one.Mask);
        if (_overlays is not null)
        {
            using var drawn = Overlay.Draw(frame, detections.Items, _detector.Config.Classes);
            drawn.Save(Path.Combine(_overlays.FullName, overlay + ".overlay.png"));
        }
        if (Lists)
            Print(name, detections, _detector.Config.Classes);
    }

    /// <summary>Finishes the results.</summary>
    public void Complete() => _results?.Complete();

    /// <inheritdoc/>
    public void Dispose() => _results?.Dispose();

    private static void Print(string name, DetectionList detections, IReadOnlyList<string> classes)
    {
        Console.WriteLine($"{name}: {detections.Count} objects");
        foreach (Detection detection in detections)
        {
            Box box = detection.Box;
            Console.WriteLine($"  {classes[detection.ClassId],-16} {detection.Score:F3}  box {box.X1:F0},{box.Y1:F0} {box.X2:F0},{box.Y2:F0}  {detection.Mask.Area()} px");
        }
    }
}
