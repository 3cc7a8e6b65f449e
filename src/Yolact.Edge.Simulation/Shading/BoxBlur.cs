namespace Yolact.Edge.Simulation.Shading;

/// <summary>A box blur run twice each way: a tent, close to a Gaussian, at a cost that does not depend on the radius.</summary>
internal static class BoxBlur
{
    /// <summary>Blurs <paramref name="plane"/> in place; outside counts as zero.</summary>
    /// <param name="plane">Row-major.</param>
    /// <param name="scratch">At least as long as the plane.</param>
    /// <param name="width">Columns.</param>
    /// <param name="height">Rows.</param>
    /// <param name="radius">The box spans 2 * radius + 1 px.</param>
    public static void Run(Span<float> plane, Span<float> scratch, int width, int height, int radius)
    {
        if (radius < 1)
            return;
        for (int pass = 0; pass < 2; pass++)
        {
            Rows(plane, scratch, width, height, radius);
            Columns(scratch, plane, width, height, radius);
        }
    }

    private static void Rows(ReadOnlySpan<float> from, Span<float> to, int width, int height, int radius)
    {
        float scale = 1f / ((2 * radius) + 1);
        for (int y = 0; y < height; y++)
        {
            ReadOnlySpan<float> source = from.Slice(y * width, width);
            Span<float> target = to.Slice(y * width, width);
            float sum = 0;
            for (int x = 0; x < Math.Min(radius, width); x++)
                sum += source[x];
            for (int x = 0; x < width; x++)
            {
                if (x + radius < width)
                    sum += source[x + radius];
                target[x] = sum * scale;
                if (x >= radius)
                    sum -= source[x - radius];
            }
        }
    }

    private static void Columns(ReadOnlySpan<float> from, Span<float> to, int width, int height, int radius)
    {
        float scale = 1f / ((2 * radius) + 1);
        Span<float> sums = stackalloc float[width <= 1024 ? width : 0];
        if (sums.IsEmpty)
            sums = new float[width];
        sums.Clear();
        for (int y = 0; y < Math.Min(radius, height); y++)
            Accumulate(sums, from.Slice(y * width, width), 1);
        for (int y = 0; y < height; y++)
        {
            if (y + radius < height)
                Accumulate(sums, from.Slice((y + radius) * width, width), 1);
            Span<float> target = to.Slice(y * width, width);
            for (int x = 0; x < width; x++)
                target[x] = sums[x] * scale;
            if (y >= radius)
                Accumulate(sums, from.Slice((y - radius) * width, width), -1);
        }
    }

    private static void Accumulate(Span<float> sums, ReadOnlySpan<float> row, float sign)
    {
        for (int x = 0; x < sums.Length; x++)
            sums[x] += sign * row[x];
    }
}
