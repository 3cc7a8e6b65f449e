using Yolact.Edge.Imaging;

namespace Yolact.Edge.Evaluation.Metrics;

/// <summary>COCO's overlap of masks.</summary>
internal static class MaskOverlap
{
    /// <summary>
    /// Intersection over union, 0..1; with a crowd as the truth, intersection over the detection's area (as for boxes). Masks of different
    /// size have nothing in common.
    /// </summary>
    /// <param name="detection">The detection.</param>
    /// <param name="truth">The annotated mask.</param>
    /// <param name="isCrowd">Whether the annotation is a crowd.</param>
    public static double Iou(in BinaryMask detection, in BinaryMask truth, bool isCrowd)
    {
        if (detection.Width != truth.Width || detection.Height != truth.Height)
            return 0;
        int intersection = MaskMeasures.Intersection(detection, truth);
        if (intersection == 0)
            return 0;
        long area = detection.Area();
        return (double)intersection / (isCrowd ? area : area + truth.Area() - intersection);
    }
}
