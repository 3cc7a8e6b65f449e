namespace Yolact.Edge.Imaging;

/// <summary>
/// An axis-aligned box by its corners, in px of the picture it belongs to (or relative, 0..1, where a member says so).
/// The right and bottom edges are exclusive; corners need not lie inside the picture.
/// </summary>
/// <param name="X1">Left edge.</param>
/// <param name="Y1">Top edge.</param>
/// <param name="X2">Right edge.</param>
/// <param name="Y2">Bottom edge.</param>
public readonly record struct Box(float X1, float Y1, float X2, float Y2)
{
    /// <summary>Right edge less left edge; negative for an inverted box.</summary>
    public float Width => X2 - X1;

    /// <summary>Bottom edge less top edge; negative for an inverted box.</summary>
    public float Height => Y2 - Y1;

    /// <summary>Width times height.</summary>
    public float Area => Width * Height;

    /// <summary>
    /// Intersection over union (Jaccard index), 0..1. Two boxes of zero area give NaN, as the reference network's
    /// post-processing does, so that "IoU at most t" is false for them.
    /// </summary>
    /// <param name="a">One box.</param>
    /// <param name="b">The other, in the same coordinates.</param>
    public static float Iou(Box a, Box b)
    {
        float width = Math.Max(0, Math.Min(a.X2, b.X2) - Math.Max(a.X1, b.X1));
        float height = Math.Max(0, Math.Min(a.Y2, b.Y2) - Math.Max(a.Y1, b.Y1));
        float intersection = width * height;
        return intersection / (a.Area + b.Area - intersection);
    }
}
