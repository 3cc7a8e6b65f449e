using Yolact.Edge.Imaging;

namespace Yolact.Edge.Evaluation.Coco;

/// <summary>A box as COCO's JSON has it, in px, in double precision because published figures are.</summary>
/// <param name="X">Left edge.</param>
/// <param name="Y">Top edge.</param>
/// <param name="Width">Right edge less left edge.</param>
/// <param name="Height">Bottom edge less top edge.</param>
public readonly record struct CocoBox(double X, double Y, double Width, double Height)
{
    /// <summary>Width times height.</summary>
    public double Area => Width * Height;

    /// <summary>
    /// Intersection over union, 0..1; with a crowd as the truth, intersection over the detection's area: a crowd region may hold any
    /// number of objects.
    /// </summary>
    /// <param name="detection">The detection.</param>
    /// <param name="truth">The annotated box.</param>
    /// <param name="isCrowd">Whether the annotation is a crowd.</param>
    public static double Iou(CocoBox detection, CocoBox truth, bool isCrowd)
    {
        double width = Math.Min(detection.X + detection.Width, truth.X + truth.Width) - Math.Max(detection.X, truth.X);
        double height = Math.Min(detection.Y + detection.Height, truth.Y + truth.Height) - Math.Max(detection.Y, truth.Y);
        if (!(width > 0 && height > 0))
            return 0;
        double intersection = width * height;
        return intersection / (isCrowd ? detection.Area : detection.Area + truth.Area - intersection);
    }

    /// <summary>A rectangle of whole pixels as a box.</summary>
    /// <param name="rect">In px.</param>
    public static CocoBox Of(PixelRect rect) => new(rect.X, rect.Y, rect.Width, rect.Height);
}
