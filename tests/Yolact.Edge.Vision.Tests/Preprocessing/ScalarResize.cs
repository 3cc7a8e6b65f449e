using Yolact.Edge.Imaging;
using Yolact.Edge.Vision.Preprocessing;

namespace Yolact.Edge.Vision.Tests.Preprocessing;

/// <summary>The resize and its colour conversion as their definitions read, one pixel at a time in double.</summary>
internal static class ScalarResize
{
    /// <summary>Bilinear, half-pixel centres, of any grid: value(x, y) to [height][width].</summary>
    public static double[,] Bilinear(Func<int, int, double> value, int fromWidth, int fromHeight, int width, int height)
    {
        var result = new double[height, width];
        for (int y = 0; y < height; y++)
        {
            (int y0, int y1, double wy) = Tap(y, fromHeight, height);
            for (int x = 0; x < width; x++)
            {
                (int x0, int x1, double wx) = Tap(x, fromWidth, width);
                double upper = ((1 - wx) * value(x0, y0)) + (wx * value(x1, y0));
                double lower = ((1 - wx) * value(x0, y1)) + (wx * value(x1, y1));
                result[y, x] = ((1 - wy) * upper) + (wy * lower);
            }
        }
        return result;
    }

    /// <summary>The network's input: [plane, y, x] of the turned region.</summary>
    public static double[][,] Planes(Frame frame, PixelRect region, Rotation rotation, int size)
    {
        (int width, int height) = rotation is Rotation.Clockwise90 or Rotation.Clockwise270
            ? (region.Height, region.Width)
            : (region.Width, region.Height);
        (int X, int Y) Source(int x, int y) => rotation switch
        {
            Rotation.Clockwise90 => (y, region.Height - 1 - x),
            Rotation.Clockwise180 => (region.Width - 1 - x, region.Height - 1 - y),
            Rotation.Clockwise270 => (region.Width - 1 - y, x),
            _ => (x, y),
        };
        return [.. Enumerable.Range(0, 3).Select(plane => Bilinear(
            (x, y) =>
            {
                (int sx, int sy) = Source(x, y);
                return Rgb(frame, region.X + sx, region.Y + sy)[plane];
            },
            width, height, size, size))];
    }

    /// <summary>A pixel's R, G, B.</summary>
    public static int[] Rgb(Frame frame, int x, int y)
    {
        ReadOnlySpan<byte> row = frame.Row(y);
        FrameLayout layout = frame.Layout;
        switch (frame.Format)
        {
            case PixelFormat.Rgb24:
                return [row[3 * x], row[(3 * x) + 1], row[(3 * x) + 2]];
            case PixelFormat.Bgr24:
                return [row[(3 * x) + 2], row[(3 * x) + 1], row[3 * x]];
            case PixelFormat.Bgrx32:
                return [row[(4 * x) + 2], row[(4 * x) + 1], row[4 * x]];
            case PixelFormat.Gray8:
                return [row[x], row[x], row[x]];
            case PixelFormat.Yuy2:
                int pair = x / 2 * 4;
                return Bt601(row[2 * x], row[pair + 1], row[pair + 3]);
            default:
                int chroma = layout.ChromaOffset + (y / 2 * layout.ChromaStride) + (x / 2 * 2);
                return Bt601(row[x], frame.Pixels[chroma], frame.Pixels[chroma + 1]);
        }
    }

    /// <summary>ITU-R BT.601, limited range, from its luma weights: R = Y' + 2 (1 - Kr) Cr and so on.</summary>
    public static int[] Bt601(int y, int cb, int cr)
    {
        const double Kr = 0.299, Kb = 0.114, Kg = 1 - Kr - Kb;
        double luma = (y - 16) / 219.0, pb = (cb - 128) / 224.0, pr = (cr - 128) / 224.0;
        double red = luma + (2 * (1 - Kr) * pr), blue = luma + (2 * (1 - Kb) * pb);
        double green = (luma - (Kr * red) - (Kb * blue)) / Kg;
        return [Byte(red), Byte(green), Byte(blue)];
    }

    private static int Byte(double v) => (int)Math.Clamp(Math.Round(v * 255), 0, 255);

    private static (int Lower, int Upper, double Weight) Tap(int i, int input, int output)
    {
        double source = Math.Max(0, ((i + 0.5) * input / output) - 0.5);
        int lower = Math.Min((int)source, input - 1);
        return (lower, Math.Min(lower + 1, input - 1), source - lower);
    }
}
