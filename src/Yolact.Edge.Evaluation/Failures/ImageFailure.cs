using Yolact.Edge.Evaluation.Coco;
using Yolact.Edge.Evaluation.Metrics;

namespace Yolact.Edge.Evaluation.Failures;

/// <summary>What went wrong in one picture.</summary>
/// <param name="Image">The picture.</param>
/// <param name="Missed">Annotated objects that no detection found.</param>
/// <param name="Wrong">Detections that are no annotated object, or one found already; by falling score.</param>
public sealed record ImageFailure(CocoImage Image, IReadOnlyList<CocoAnnotation> Missed, IReadOnlyList<Candidate> Wrong)
{
    /// <summary>How bad it is: 1 for each object missed, and the score, at most 1, of each wrong detection.</summary>
    public double Cost => Missed.Count + Wrong.Sum(detection => Math.Min(detection.Score, 1));
}
