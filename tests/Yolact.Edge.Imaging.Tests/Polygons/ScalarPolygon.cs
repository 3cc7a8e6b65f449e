using Yolact.Edge.Imaging.Polygons;

namespace Yolact.Edge.Imaging.Tests.Polygons;

/// <summary>The obvious versions of what is done to polygons.</summary>
internal static class ScalarPolygon
{
    /// <summary>Pixels whose centre lies inside an odd number of rings.</summary>
    public static ScalarMask EvenOdd(int width, int height, IReadOnlyList<PixelPoint[]> rings)
    {
        bool[,] pixels = new bool[height, width];
        foreach (PixelPoint[] ring in rings)
        {
            for (int i = 0; i < ring.Length; i++)
            {
                PixelPoint a = ring[i], b = ring[(i + 1) % ring.Length];
                for (int y = Math.Min(a.Y, b.Y); y < Math.Max(a.Y, b.Y); y++)
                {
                    double crossing = a.X + ((y + .5 - a.Y) * (b.X - a.X) / (b.Y - a.Y));
                    for (int x = 0; x < width; x++)
                        pixels[y, x] ^= x + .5 > crossing;
                }
            }
        }
        return new(width, height, new PixelRect(0, 0, width, height), pixels);
    }

    /// <summary>Positive where the ring runs clockwise on the screen.</summary>
    public static long SignedArea(ReadOnlySpan<PixelPoint> ring)
    {
        long doubled = 0;
        for (int i = 0; i < ring.Length; i++)
        {
            PixelPoint a = ring[i], b = ring[(i + 1) % ring.Length];
            doubled += ((long)a.X * b.Y) - ((long)b.X * a.Y);
        }
        return doubled / 2;
    }

    /// <summary>COCO's rule as its definition reads: every point of the enlarged outline, changes sorted along the picture's columns.</summary>
    public static bool[] Coco(int width, int height, double[] polygon)
    {
        int points = polygon.Length / 2;
        int[] vertexX = new int[points], vertexY = new int[points];
        for (int i = 0; i < points; i++)
        {
            vertexX[i] = (int)((5 * polygon[2 * i]) + .5);
            vertexY[i] = (int)((5 * polygon[(2 * i) + 1]) + .5);
        }

        List<(int X, int Y)> outline = [];
        for (int i = 0; i < points; i++)
        {
            int x0 = vertexX[i], y0 = vertexY[i], x1 = vertexX[(i + 1) % points], y1 = vertexY[(i + 1) % points];
            int dx = Math.Abs(x1 - x0), dy = Math.Abs(y1 - y0);
            bool swap = dx >= dy ? x0 > x1 : y0 > y1;
            if (swap)
                (x0, y0, x1, y1) = (x1, y1, x0, y0);
            List<(int X, int Y)> edge = [];
            for (int t = 0; t <= Math.Max(dx, dy); t++)
            {
                if (dx == 0 && dy == 0)
                    edge.Add((x0, y0));
                else if (dx >= dy)
                    edge.Add((x0 + t, (int)(y0 + ((double)(y1 - y0) / dx * t) + .5)));
                else
                    edge.Add(((int)(x0 + ((double)(x1 - x0) / dy * t) + .5), y0 + t));
            }
            if (swap)
                edge.Reverse();
            outline.AddRange(edge);
        }

        List<int> changes = [];
        for (int i = 1; i < outline.Count; i++)
        {
            (int X, int Y) a = outline[i - 1], b = outline[i];
            if (a.X == b.X)
                continue;
            double x = ((Math.Min(a.X, b.X) + .5) / 5) - .5;
            if (x != Math.Floor(x) || x < 0 || x > width - 1)
                continue;
            double y = Math.Ceiling(Math.Clamp(((Math.Min(a.Y, b.Y) + .5) / 5) - .5, 0, height));
            changes.Add(((int)x * height) + (int)y);
        }
        changes.Sort();

        bool[] columnMajor = new bool[width * height];
        foreach (int change in changes)
        {
            for (int i = change; i < columnMajor.Length; i++)
                columnMajor[i] ^= true;
        }
        return columnMajor;
    }
}
