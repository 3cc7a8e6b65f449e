using Yolact.Edge.Evaluation.Coco;
using Yolact.Edge.Evaluation.Metrics;
using Yolact.Edge.Imaging;

namespace Yolact.Edge.Evaluation.Failures;

/// <summary>
/// Keeps the pictures with the worst failures. Detections above a score take, best first, the annotated object of their class with the
/// highest mask IoU, from .5 on; what is left on either side is a failure. Crowds, and detections mostly inside one, are none.
/// </summary>
public sealed class WorstFailures
{
    private const double LeastIou = .5;

    private readonly CocoDataset _dataset;
    private readonly PriorityQueue<ImageFailure, double> _worst = new();
    private readonly int _count;
    private readonly double _threshold;

    /// <summary>An empty list.</summary>
    /// <param name="dataset">The truth.</param>
    /// <param name="count">How many pictures to keep, at least 1.</param>
    /// <param name="threshold">The score above which a detection is one that a user would see.</param>
    public WorstFailures(CocoDataset dataset, int count, double threshold = .3)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(count, 1);
        (_dataset, _count, _threshold) = (dataset, count, threshold);
    }

    /// <summary>Looks at the detections of one picture; what it keeps of them it copies.</summary>
    /// <param name="imageId">A picture of the data set.</param>
    /// <param name="detections">With masks.</param>
    public void Add(long imageId, IReadOnlyList<Candidate> detections)
    {
        CocoImage image = _dataset.FindImage(imageId) ?? throw new ArgumentException($"The data set has no image {imageId}.", nameof(imageId));
        List<(CocoAnnotation Truth, BinaryMask Mask)> free =
            [.. _dataset.AnnotationsOf(imageId).Where(truth => truth.Segmentation is not null).Select(truth => (truth, truth.Segmentation!.ToMask(image)))];
        List<Candidate> wrong = [];
        foreach (Candidate detection in detections.Where(detection => detection.Score > _threshold).OrderByDescending(detection => detection.Score))
        {
            int best = -1;
            double bestIou = LeastIou;
            for (int i = 0; i < free.Count; i++)
            {
                (CocoAnnotation truth, BinaryMask mask) = free[i];
                if (truth.CategoryId != detection.CategoryId)
                    continue;
                double iou = MaskOverlap.Iou(detection.Mask, mask, truth.IsCrowd);
                if (iou >= bestIou)
                    (best, bestIou) = (i, iou);
            }
            if (best < 0)
                wrong.Add(detection);
            else if (!free[best].Truth.IsCrowd)
                free.RemoveAt(best);
        }
        Keep(image, [.. free.Where(left => !left.Truth.IsCrowd).Select(left => left.Truth)], wrong);
    }

    /// <summary>The worst pictures, the worst first; pictures without a failure never.</summary>
    public IReadOnlyList<ImageFailure> Worst()
    {
        lock (_worst)
            return [.. _worst.UnorderedItems.Select(item => item.Element).OrderByDescending(failure => failure.Cost).ThenBy(failure => failure.Image.Id)];
    }

    private void Keep(CocoImage image, IReadOnlyList<CocoAnnotation> missed, List<Candidate> wrong)
    {
        ImageFailure failure = new(image, missed, wrong);
        if (failure.Cost == 0)
            return;
        lock (_worst)
        {
            if (_worst.Count == _count && _worst.TryPeek(out _, out double least) && least >= failure.Cost)
                return;
            _worst.Enqueue(failure with { Wrong = [.. wrong.Select(Copy)] }, failure.Cost);
            if (_worst.Count > _count)
                _worst.Dequeue();
        }
    }

    private static Candidate Copy(Candidate detection)
    {
        BinaryMask mask = detection.Mask;
        return detection with { Mask = new BinaryMask(mask.Width, mask.Height, mask.Region, mask.Words.ToArray()) };
    }
}
