using Yolact.Edge.Evaluation.Coco;
using Yolact.Edge.Imaging;

namespace Yolact.Edge.Evaluation.Metrics;

/// <summary>
/// Judges what a network finds, as the reference evaluates a data set: boxes are ranked by class score and have their own area, masks by the
/// product of class score and predicted mask IoU; a detection whose box has no area is dropped. The network's classes are those of the data
/// set that have the same name.
/// </summary>
public sealed class DetectionEvaluation
{
    private readonly CocoEvaluator _evaluator;
    private readonly long?[] _categories;

    /// <summary>Nothing judged yet.</summary>
    /// <param name="dataset">The truth.</param>
    /// <param name="classNames">The network's classes, by <see cref="Detection.ClassId"/>.</param>
    /// <exception cref="InvalidDataException">None of the classes is in the data set.</exception>
    public DetectionEvaluation(CocoDataset dataset, IReadOnlyList<string> classNames)
    {
        ArgumentNullException.ThrowIfNull(dataset);
        ArgumentNullException.ThrowIfNull(classNames);
        _evaluator = new CocoEvaluator(dataset);
        _categories = [.. classNames.Select(name => Find(dataset, name)?.Id)];
        string[] missing = [.. dataset.Categories.Select(category => category.Name).Except(classNames, StringComparer.OrdinalIgnoreCase)];
        if (missing.Length == dataset.Categories.Count)
        {
            throw new InvalidDataException(
                $"The model knows none of the data set's classes. The model's: {string.Join(", ", classNames.Take(10))}; "
                + $"the data set's: {string.Join(", ", missing.Take(10))}.");
        }
        Missing = missing;
    }

    /// <summary>Classes of the data set that the network does not know: their objects count as missed.</summary>
    public IReadOnlyList<string> Missing { get; }

    /// <summary>Judges the detections of one picture.</summary>
    /// <param name="imageId">The picture; once only.</param>
    /// <param name="detections">With masks of the picture's size; not kept.</param>
    /// <returns>The detections with masks, as they were judged.</returns>
    public IReadOnlyList<Candidate> Add(long imageId, ReadOnlySpan<Detection> detections)
    {
        List<Candidate> masks = new(detections.Length), boxes = new(detections.Length);
        foreach (ref readonly Detection detection in detections)
        {
            if (CategoryOf(detection) is not { } category)
                continue;
            CocoBox box = new(detection.Box.X1, detection.Box.Y1, detection.Box.Width, detection.Box.Height);
            masks.Add(new(category, detection.Score, detection.Mask.Area(), box, detection.Mask));
            boxes.Add(new(category, detection.ClassScore, box.Area, box, default));
        }
        _evaluator.Add(imageId, masks, boxes);
        return masks;
    }

    /// <summary>The category that a detection is judged by; null for one that is not judged: no such category, or a box without area.</summary>
    /// <param name="detection">What was found.</param>
    public long? CategoryOf(in Detection detection) => detection.Box.Area > 0 ? _categories[detection.ClassId] : null;

    /// <summary>The figures of everything added so far.</summary>
    public CocoEvaluation Finish() => _evaluator.Finish();

    private static CocoCategory? Find(CocoDataset dataset, string name) =>
        dataset.Categories.FirstOrDefault(category => string.Equals(category.Name, name, StringComparison.OrdinalIgnoreCase));
}
