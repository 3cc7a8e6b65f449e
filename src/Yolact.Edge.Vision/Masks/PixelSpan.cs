using Yolact.Edge.Imaging;

namespace Yolact.Edge.Vision.Masks;

/// <summary>
/// From relative coordinates to px, with the reference's quirks (sanitize_coordinates, layers/box_utils.py:327-347 of
/// dbolya/yolact): the ends are swapped where inverted, the low end is clipped from below alone and the high end from above
/// alone, so that a box wholly outside keeps a negative or too large end.
/// </summary>
internal static class PixelSpan
{
    /// <summary>A box in px.</summary>
    /// <param name="box">Relative, 0..1.</param>
    /// <param name="width">Columns.</param>
    /// <param name="height">Rows.</param>
    public static Box Of(Box box, int width, int height)
    {
        (float x1, float x2) = Of(box.X1, box.X2, width, 0);
        (float y1, float y2) = Of(box.Y1, box.Y2, height, 0);
        return new Box(x1, y1, x2, y2);
    }

    /// <summary>
    /// The whole pixels that a mask is cropped to: those columns c with x1 - 1 &lt;= c &lt; x2 + 1, compared without rounding,
    /// and rows likewise (crop, layers/box_utils.py:350-374). Empty where the box lies outside, or is not a number.
    /// </summary>
    /// <param name="box">Relative, 0..1.</param>
    /// <param name="width">Columns.</param>
    /// <param name="height">Rows.</param>
    public static PixelRect Crop(Box box, int width, int height)
    {
        (float x1, float x2) = Of(box.X1, box.X2, width, 1);
        (float y1, float y2) = Of(box.Y1, box.Y2, height, 1);
        // c >= x1 means c >= ceil(x1), c < x2 means c < ceil(x2); the high ends are at most the size, the low ones at least 0.
        if (!(x1 < x2) || !(y1 < y2) || x2 <= 0 || y2 <= 0 || x1 > width || y1 > height)
            return default;
        int left = (int)MathF.Ceiling(x1), top = (int)MathF.Ceiling(y1);
        var crop = new PixelRect(left, top, (int)MathF.Ceiling(x2) - left, (int)MathF.Ceiling(y2) - top);
        return crop.IsEmpty ? default : crop;
    }

    private static (float Low, float High) Of(float a, float b, int size, int margin)
    {
        a *= size;
        b *= size;
        return (Math.Max(Math.Min(a, b) - margin, 0), Math.Min(Math.Max(a, b) + margin, size));
    }
}
