namespace Yolact.Edge.Imaging.Polygons;

/// <summary>
/// Polygons to masks, bit for bit as COCO's tools do it, so that areas and overlaps of annotated polygons are the published ones. It is not the
/// pixel-centre rule.
/// </summary>
/// <remarks>
/// Definition. Vertices are multiplied by 5, rounded half up (by truncation of v + .5) and joined by a digital line each: the longer axis is
/// stepped by 1 from its smaller end, the other coordinate is start + slope * step, rounded in the same way. Where the outline steps from fine
/// column 5x + 2 to 5x + 3 or back (the middle of pixel column x), the pixels of that column change from the row of the upper of the two
/// points on: row ceil((v - 2) / 5), limited to 0..height. A pixel is set after an odd number of changes. Polygons of one object are united.
/// Instead of walking every fine point this finds the few that matter, so the cost does not grow with coordinates far outside.
/// </remarks>
public static class PolygonRasterizer
{
    /// <summary>Coordinates beyond this, in px to either side of 0, are refused.</summary>
    public const double MaxCoordinate = 1e8;

    private const int Scale = 5, Middle = 2;

    /// <summary>The union of polygons.</summary>
    /// <param name="width">Columns of the picture, at least 1.</param>
    /// <param name="height">Rows of the picture, at least 1.</param>
    /// <param name="polygons">Each x0, y0, x1, y1, ... in px, at least 3 points; closed by itself.</param>
    /// <returns>A mask whose region holds all polygons' pixels.</returns>
    /// <exception cref="FormatException">A polygon of fewer than 3 points or with half a point; a coordinate that is no number or beyond
    /// <see cref="MaxCoordinate"/>; a picture without pixels or with more than <see cref="Rle.RunLengthDecoder.MaxPixels"/>.</exception>
    public static BinaryMask Rasterize(int width, int height, IReadOnlyList<double[]> polygons)
    {
        ArgumentNullException.ThrowIfNull(polygons);
        Rle.RunLengthDecoder.CheckSize(width, height);
        (int X, int Y)[][] outlines = new (int, int)[polygons.Count][];
        PixelRect region = default;
        for (int i = 0; i < outlines.Length; i++)
        {
            outlines[i] = Enlarge(polygons[i], i);
            region = Unite(region, Bounds(outlines[i], width, height));
        }
        int perColumn = BinaryMask.WordsFor(region.Height);
        ulong[] words = new ulong[region.Width * perColumn], changes = new ulong[words.Length];
        foreach ((int X, int Y)[] outline in outlines)
        {
            Array.Clear(changes);
            (int X, int Y) from = outline[^1];
            foreach ((int X, int Y) to in outline)
            {
                MarkChanges(changes, perColumn, region, from, to);
                from = to;
            }
            Fill(words, changes, perColumn, region.Height);
        }
        return new BinaryMask(width, height, region, words);
    }

    private static (int X, int Y)[] Enlarge(double[] polygon, int index)
    {
        if (polygon.Length < 6 || polygon.Length % 2 != 0)
            throw new FormatException($"Polygon {index} has {polygon.Length} numbers; an even number of at least 6 (x, y of 3 points) is needed.");
        var outline = new (int X, int Y)[polygon.Length / 2];
        for (int i = 0; i < polygon.Length; i++)
        {
            if (!(Math.Abs(polygon[i]) <= MaxCoordinate))
                throw new FormatException($"Polygon {index}: number {i} is {polygon[i]}; a coordinate lies within +-{MaxCoordinate} px.");
        }
        for (int i = 0; i < outline.Length; i++)
            outline[i] = ((int)((Scale * polygon[2 * i]) + .5), (int)((Scale * polygon[(2 * i) + 1]) + .5));
        return outline;
    }

    /// <summary>The pixels that an outline can set.</summary>
    private static PixelRect Bounds((int X, int Y)[] outline, int width, int height)
    {
        int left = PixelOf(outline.Min(point => point.X)), right = PixelOf(outline.Max(point => point.X));
        int top = PixelOf(outline.Min(point => point.Y)), bottom = PixelOf(outline.Max(point => point.Y));
        (left, right) = (Math.Clamp(left, 0, width), Math.Clamp(right, 0, width));
        (top, bottom) = (Math.Clamp(top, 0, height), Math.Clamp(bottom, 0, height));
        return new PixelRect(left, top, right - left, bottom - top);
    }

    private static PixelRect Unite(PixelRect a, PixelRect b)
    {
        if (a.IsEmpty || b.IsEmpty)
            return a.IsEmpty ? (b.IsEmpty ? default : b) : a;
        int left = Math.Min(a.X, b.X), top = Math.Min(a.Y, b.Y);
        return new PixelRect(left, top, Math.Max(a.Right, b.Right) - left, Math.Max(a.Bottom, b.Bottom) - top);
    }

    /// <summary>The first pixel whose middle does not lie before a fine coordinate: ceil((fine - 2) / 5).</summary>
    private static int PixelOf(int fine) => (int)Math.Ceiling((fine - Middle) / (double)Scale);

    private static void MarkChanges(Span<ulong> changes, int perColumn, PixelRect region, (int X, int Y) from, (int X, int Y) to)
    {
        int dx = Math.Abs(to.X - from.X), dy = Math.Abs(to.Y - from.Y);
        bool alongX = dx >= dy;
        if (alongX ? from.X > to.X : from.Y > to.Y)
            (from, to) = (to, from);
        double slope = alongX ? (double)(to.Y - from.Y) / dx : (double)(to.X - from.X) / dy;

        int firstColumn = Math.Max(PixelOf(Math.Min(from.X, to.X)), region.X);
        int lastColumn = Math.Min(PixelOf(Math.Max(from.X, to.X)), region.Right) - 1;
        for (int column = firstColumn; column <= lastColumn; column++)
        {
            int middle = (column * Scale) + Middle;
            int upper = alongX
                ? Math.Min(Round(from.Y, slope, middle - from.X), Round(from.Y, slope, middle + 1 - from.X))
                : from.Y + StepBefore(from.X, slope, dy, middle);
            // A change above the region counts from its top on; one below it concerns no pixel.
            int row = Math.Max(PixelOf(upper), region.Y) - region.Y;
            if (row < region.Height)
                changes[((column - region.X) * perColumn) + (row >> 6)] ^= 1UL << (row & 63);
        }
    }

    private static int Round(int start, double slope, int step) => (int)(start + (slope * step) + .5);

    /// <summary>The last step on this side of the middle of a column, for a line that is stepped along y (x is monotonic: bisection).</summary>
    private static int StepBefore(int startX, double slope, int steps, int middle)
    {
        bool startsLeft = slope > 0;
        int near = 0, far = steps;
        while (far - near > 1)
        {
            int step = near + ((far - near) / 2);
            if (Round(startX, slope, step) <= middle == startsLeft)
                near = step;
            else
                far = step;
        }
        return near;
    }

    /// <summary>Adds the pixels after an odd number of changes: the running exclusive or down each column.</summary>
    private static void Fill(Span<ulong> words, ReadOnlySpan<ulong> changes, int perColumn, int rows)
    {
        ulong last = perColumn == 0 ? 0 : ulong.MaxValue >> (63 - ((rows - 1) & 63));
        ulong inside = 0;
        for (int i = 0; i < words.Length; i++)
        {
            if (i % perColumn == 0)
                inside = 0;
            ulong parity = changes[i];
            parity ^= parity << 1;
            parity ^= parity << 2;
            parity ^= parity << 4;
            parity ^= parity << 8;
            parity ^= parity << 16;
            parity ^= parity << 32;
            parity ^= inside;
            inside = 0 - (parity >> 63);
            words[i] |= (i + 1) % perColumn == 0 ? parity & last : parity;
        }
    }
}
