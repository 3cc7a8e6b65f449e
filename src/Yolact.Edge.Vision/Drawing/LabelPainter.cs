using Yolact.Edge.Imaging;

namespace Yolact.Edge.Vision.Drawing;

/// <summary>Draws a box and a tag with text at its upper left corner, inside the picture.</summary>
internal static class LabelPainter
{
    private const int Covering = 256, BoxOpacity = 190;

    // ITU-R BT.601 luma in 1/256; text is dark on light tags and light on dark ones.
    private const int BlueLuma = 29, GreenLuma = 150, RedLuma = 77, LightFrom = 110;

    /// <summary>Draws.</summary>
    /// <param name="canvas">Where.</param>
    /// <param name="box">In px.</param>
    /// <param name="text">What the tag says.</param>
    /// <param name="color">Of box and tag: blue, green, red.</param>
    /// <param name="scale">Size of a font pixel and of the box's line, in px.</param>
    public static void Draw(Canvas canvas, Box box, string text, (byte Blue, byte Green, byte Red) color, int scale)
    {
        int left = Clip(box.X1, canvas.Width), top = Clip(box.Y1, canvas.Height);
        int right = Clip(box.X2, canvas.Width), bottom = Clip(box.Y2, canvas.Height);
        if (right <= left || bottom <= top)
            return;
        canvas.Fill(left, top, right, top + scale, color, BoxOpacity);
        canvas.Fill(left, bottom - scale, right, bottom, color, BoxOpacity);
        canvas.Fill(left, top + scale, left + scale, bottom - scale, color, BoxOpacity);
        canvas.Fill(right - scale, top + scale, right, bottom - scale, color, BoxOpacity);

        int margin = 2 * scale, tagWidth = (text.Length * PixelFont.Advance * scale) - scale + (2 * margin);
        int tagHeight = (PixelFont.Height * scale) + (2 * margin);
        int x = Math.Clamp(left, 0, Math.Max(0, canvas.Width - tagWidth));
        int y = top >= tagHeight ? top - tagHeight : Math.Min(top, Math.Max(0, canvas.Height - tagHeight));
        canvas.Fill(x, y, x + tagWidth, y + tagHeight, color, Covering);
        int luma = ((color.Blue * BlueLuma) + (color.Green * GreenLuma) + (color.Red * RedLuma)) >> 8;
        byte ink = luma >= LightFrom ? (byte)0 : (byte)255;
        Write(canvas, text, x + margin, y + margin, (ink, ink, ink), scale);
    }

    private static void Write(Canvas canvas, string text, int left, int top, (byte Blue, byte Green, byte Red) ink, int scale)
    {
        for (int i = 0; i < text.Length; i++)
        {
            for (int y = 0; y < PixelFont.Height; y++)
            {
                for (int x = 0; x < PixelFont.Width; x++)
                {
                    if (!PixelFont.HasPixel(text[i], x, y))
                        continue;
                    int px = left + (((i * PixelFont.Advance) + x) * scale), py = top + (y * scale);
                    canvas.Fill(px, py, px + scale, py + scale, ink, Covering);
                }
            }
        }
    }

    private static int Clip(float edge, int size) => float.IsNaN(edge) ? 0 : (int)Math.Clamp(edge, 0, size);
}
