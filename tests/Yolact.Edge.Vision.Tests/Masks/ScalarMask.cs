using Yolact.Edge.Imaging;
using Yolact.Edge.Vision.Tests.Preprocessing;

namespace Yolact.Edge.Vision.Tests.Masks;

/// <summary>Mask assembly as its definition reads: every pixel of every mask, in double.</summary>
internal static class ScalarMask
{
    /// <summary>[H, W]: sigmoid of the combined prototypes, times whether a pixel lies in the crop.</summary>
    public static double[,] Soft(float[] prototypes, int side, float[] coefficients, Box relative)
    {
        (double x1, double x2) = Ends(relative.X1, relative.X2, side);
        (double y1, double y2) = Ends(relative.Y1, relative.Y2, side);
        var mask = new double[side, side];
        for (int y = 0; y < side; y++)
        {
            for (int x = 0; x < side; x++)
            {
                if (x < x1 || x >= x2 || y < y1 || y >= y2)
                    continue;
                double sum = 0;
                for (int d = 0; d < coefficients.Length; d++)
                    sum += (double)coefficients[d] * prototypes[(((d * side) + y) * side) + x];
                mask[y, x] = 1 / (1 + Math.Exp(-sum));
            }
        }
        return mask;
    }

    /// <summary>[height, width]: the mask scaled up, still soft.</summary>
    public static double[,] Upsampled(double[,] soft, int width, int height) =>
        ScalarResize.Bilinear((x, y) => soft[y, x], soft.GetLength(1), soft.GetLength(0), width, height);

    private static (double Low, double High) Ends(float a, float b, int size)
    {
        // In float32, as the comparison with whole columns has to come out as the reference's does.
        float low = Math.Min(a * size, b * size) - 1, high = Math.Max(a * size, b * size) + 1;
        return (Math.Max(low, 0), Math.Min(high, size));
    }
}
