using Yolact.Edge.Evaluation.Coco;
using Yolact.Edge.Evaluation.Metrics;
using Yolact.Edge.Imaging;

namespace Yolact.Edge.Evaluation;

/// <summary>
/// The two results files of the reference's data set evaluation: boxes with the class score and masks with the product, so that COCO's own
/// tools give for each what this program does.
/// </summary>
internal sealed class ReferenceResultFiles : IDisposable
{
    /// <summary>Boxes.</summary>
    public const string BoxFile = "bbox_detections.json";

    /// <summary>Masks.</summary>
    public const string MaskFile = "mask_detections.json";

    private readonly CocoResultsWriter _boxes;
    private readonly CocoResultsWriter _masks;

    /// <summary>Begins both files.</summary>
    /// <param name="folder">Is made where missing.</param>
    public ReferenceResultFiles(string folder)
    {
        Directory.CreateDirectory(folder);
        _boxes = new CocoResultsWriter(Path.Combine(folder, BoxFile));
        _masks = new CocoResultsWriter(Path.Combine(folder, MaskFile));
    }

    /// <summary>Adds the detections of a picture that were judged.</summary>
    /// <param name="imageId">The picture.</param>
    /// <param name="detections">What was found.</param>
    /// <param name="evaluation">Knows the categories.</param>
    public void Write(long imageId, ReadOnlySpan<Detection> detections, DetectionEvaluation evaluation)
    {
        foreach (ref readonly Detection detection in detections)
        {
            if (evaluation.CategoryOf(detection) is not { } category)
                continue;
            _boxes.Write(imageId, category, detection.ClassScore, detection.Box, null);
            _masks.Write(imageId, category, detection.Score, null, detection.Mask);
        }
    }

    /// <summary>Ends both files and gives them their names.</summary>
    public void Complete()
    {
        _boxes.Complete();
        _masks.Complete();
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        _boxes.Dispose();
        _masks.Dispose();
    }
}
