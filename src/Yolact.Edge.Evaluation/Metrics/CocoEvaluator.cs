using Yolact.Edge.Evaluation.Coco;
using Yolact.Edge.Imaging;

namespace Yolact.Edge.Evaluation.Metrics;

/// <summary>
/// COCO's metrics for detections that come picture by picture, in any order and from any thread; of each only the outcome is kept.
/// Masks and boxes are judged on their own and may have scores of their own.
/// </summary>
public sealed class CocoEvaluator
{
    private readonly CocoDataset _dataset;
    private readonly CocoCategory[] _categories;
    private readonly Dictionary<long, (CategoryRecord Masks, CategoryRecord Boxes)> _records;
    private readonly HashSet<long> _seen = [];

    /// <summary>An evaluator without detections.</summary>
    /// <param name="dataset">The truth.</param>
    public CocoEvaluator(CocoDataset dataset)
    {
        ArgumentNullException.ThrowIfNull(dataset);
        _dataset = dataset;
        _categories = [.. dataset.Categories.OrderBy(category => category.Id)];
        _records = _categories.ToDictionary(category => category.Id, _ => (new CategoryRecord(), new CategoryRecord()));
    }

    /// <summary>Judges the detections of one picture. A picture without detections must be added too: what it shows was missed.</summary>
    /// <param name="imageId">The picture; once only.</param>
    /// <param name="masks">Detections with masks; those of classes that the data set has not are ignored.</param>
    /// <param name="boxes">Detections with boxes; likewise.</param>
    /// <exception cref="ArgumentException">The data set has no such picture, or it was added before.</exception>
    public void Add(long imageId, IReadOnlyList<Candidate> masks, IReadOnlyList<Candidate> boxes)
    {
        CocoImage image = _dataset.FindImage(imageId) ?? throw new ArgumentException($"The data set has no image {imageId}.", nameof(imageId));
        lock (_seen)
        {
            if (!_seen.Add(imageId))
                throw new ArgumentException($"Image {imageId} was added before.", nameof(imageId));
        }
        ILookup<long, CocoAnnotation> truths = _dataset.AnnotationsOf(imageId).ToLookup(annotation => annotation.CategoryId);
        ILookup<long, Candidate> masksByClass = masks.ToLookup(mask => mask.CategoryId), boxesByClass = boxes.ToLookup(box => box.CategoryId);
        foreach (CocoCategory category in _categories)
        {
            (CategoryRecord maskRecord, CategoryRecord boxRecord) = _records[category.Id];
            CocoAnnotation[] all = [.. truths[category.Id]];
            CocoAnnotation[] masked = Array.FindAll(all, truth => truth.Segmentation is not null);
            BinaryMask[] maskTruths = Array.ConvertAll(masked, truth => truth.Segmentation!.ToMask(image));
            Judge(maskRecord, imageId, masked, masksByClass[category.Id], (detection, g) => MaskOverlap.Iou(detection.Mask, maskTruths[g], masked[g].IsCrowd));
            Judge(boxRecord, imageId, all, boxesByClass[category.Id], (detection, g) => CocoBox.Iou(detection.Box, all[g].Box, all[g].IsCrowd));
        }
    }

    /// <summary>The figures of everything added so far.</summary>
    public CocoEvaluation Finish()
    {
        FigureTable masks = new([.. _categories.Select(category => _records[category.Id].Masks)]);
        FigureTable boxes = new([.. _categories.Select(category => _records[category.Id].Boxes)]);
        Dictionary<string, ClassEvaluation> perClass = [];
        for (int k = 0; k < _categories.Length; k++)
            perClass.Add($"{_categories[k].Id}", new(_categories[k].Name, masks.Of(k), boxes.Of(k)));
        return new CocoEvaluation(masks.Overall(), boxes.Overall(), perClass);
    }

    private static void Judge(
        CategoryRecord record, long imageId, CocoAnnotation[] truths, IEnumerable<Candidate> detections, Func<Candidate, int, double> iou)
    {
        // LINQ's sort is stable: detections of equal score stay in the order given.
        Candidate[] ranked = [.. detections.OrderByDescending(detection => detection.Score).Take(EvaluationLimits.MaxDetections[^1])];
        if (ranked.Length == 0 && truths.Length == 0)
            return;
        double[,] ious = new double[ranked.Length, truths.Length];
        for (int d = 0; d < ranked.Length; d++)
        {
            for (int g = 0; g < truths.Length; g++)
                ious[d, g] = iou(ranked[d], g);
        }
        double[] scores = Array.ConvertAll(ranked, detection => detection.Score), areas = Array.ConvertAll(ranked, detection => detection.Area);
        MatchTruth[] known = Array.ConvertAll(truths, truth => new MatchTruth(truth.Id, truth.Area, truth.IsCrowd));
        lock (record)
            record.Add(imageId, scores, known, areas, ious);
    }
}
