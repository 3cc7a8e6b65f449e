namespace Yolact.Edge.Vision.Drawing;

/// <summary>Pixels to draw on: B, G, R, 255 without padding. Everything outside is clipped.</summary>
/// <param name="pixels">Width x height x 4 bytes.</param>
/// <param name="width">Columns, in px.</param>
/// <param name="height">Rows, in px.</param>
internal readonly ref struct Canvas(Span<byte> pixels, int width, int height)
{
    private readonly Span<byte> _pixels = pixels;

    /// <summary>Columns, in px.</summary>
    public int Width => width;

    /// <summary>Rows, in px.</summary>
    public int Height => height;

    /// <summary>Lays a colour over a pixel.</summary>
    /// <param name="x">Column.</param>
    /// <param name="y">Row.</param>
    /// <param name="color">Blue, green, red.</param>
    /// <param name="opacity">0 (nothing) to 256 (covers).</param>
    public void Blend(int x, int y, (byte Blue, byte Green, byte Red) color, int opacity)
    {
        if ((uint)x >= (uint)width || (uint)y >= (uint)height)
            return;
        Span<byte> pixel = _pixels.Slice(((y * width) + x) * 4, 3);
        pixel[0] = Mix(pixel[0], color.Blue, opacity);
        pixel[1] = Mix(pixel[1], color.Green, opacity);
        pixel[2] = Mix(pixel[2], color.Red, opacity);
    }

    /// <summary>Lays a colour over a rectangle.</summary>
    public void Fill(int left, int top, int right, int bottom, (byte Blue, byte Green, byte Red) color, int opacity)
    {
        for (int y = Math.Max(top, 0); y < Math.Min(bottom, height); y++)
        {
            for (int x = Math.Max(left, 0); x < Math.Min(right, width); x++)
                Blend(x, y, color, opacity);
        }
    }

    private static byte Mix(byte under, byte over, int opacity) => (byte)(under + (((over - under) * opacity) >> 8));
}
