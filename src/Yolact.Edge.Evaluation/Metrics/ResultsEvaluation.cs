using Yolact.Edge.Evaluation.Coco;
using Yolact.Edge.Evaluation.Failures;
using Yolact.Edge.Imaging;

namespace Yolact.Edge.Evaluation.Metrics;

/// <summary>
/// Judges results files as COCO's tools do. One file serves masks and boxes: where its detections have boxes, the box's area stands for
/// the mask's too, and a detection without a mask has its box as one; where they have none, box and area are the mask's.
/// </summary>
public static class ResultsEvaluation
{
    /// <summary>The figures of results.</summary>
    /// <param name="dataset">The truth.</param>
    /// <param name="masks">Detections whose masks are judged.</param>
    /// <param name="boxes">Detections whose boxes are judged: the same, or others with scores of their own.</param>
    /// <param name="failures">Told of every picture; null where nobody asks.</param>
    /// <param name="progress">Told the share done, 0..1, from several threads.</param>
    /// <param name="cancellationToken">Stops it.</param>
    /// <exception cref="OperationCanceledException">It was stopped.</exception>
    public static CocoEvaluation Evaluate(
        CocoDataset dataset,
        CocoResults masks,
        CocoResults boxes,
        WorstFailures? failures = null,
        IProgress<double>? progress = null,
        CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(dataset);
        ArgumentNullException.ThrowIfNull(masks);
        ArgumentNullException.ThrowIfNull(boxes);
        CocoEvaluator evaluator = new(dataset);
        int done = 0;
        ParallelOptions options = new() { CancellationToken = cancellationToken, MaxDegreeOfParallelism = Environment.ProcessorCount };
        Parallel.ForEach(dataset.Images, options, image =>
        {
            Candidate[] maskCandidates = [.. masks.Of(image.Id).Select(result => Complete(result, image, masks.HasBoxes))];
            Candidate[] boxCandidates = ReferenceEquals(masks, boxes)
                ? maskCandidates
                : [.. boxes.Of(image.Id).Select(result => Complete(result, image, boxes.HasBoxes))];
            evaluator.Add(image.Id, maskCandidates, boxCandidates);
            failures?.Add(image.Id, maskCandidates);
            progress?.Report(Interlocked.Increment(ref done) / (double)dataset.Images.Count);
        });
        return evaluator.Finish();
    }

    private static Candidate Complete(CocoResult result, CocoImage image, bool areaOfBox)
    {
        BinaryMask mask = (result.Segmentation ?? CocoSegmentation.Of(result.Box!.Value)).ToMask(image);
        CocoBox box = result.Box ?? CocoBox.Of(mask.BoundingBox());
        return new Candidate(result.CategoryId, result.Score, areaOfBox ? box.Area : mask.Area(), box, mask);
    }
}
