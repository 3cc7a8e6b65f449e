using System.Numerics;
using Yolact.Edge.Imaging;

namespace Yolact.Edge.Vision.Drawing;

/// <summary>Draws a mask: its pixels translucent, those on its border (with a neighbour outside) covering.</summary>
internal static class MaskPainter
{
    private const int MaskOpacity = 100, BorderOpacity = 256;

    /// <summary>Draws a mask of the canvas' size, or one of another size scaled to it.</summary>
    /// <param name="canvas">Where.</param>
    /// <param name="mask">What.</param>
    /// <param name="color">Blue, green, red.</param>
    /// <param name="thickness">Of the border, in px.</param>
    public static void Draw(Canvas canvas, BinaryMask mask, (byte Blue, byte Green, byte Red) color, int thickness)
    {
        if (mask.Width != canvas.Width || mask.Height != canvas.Height)
        {
            DrawScaled(canvas, mask, color);
            return;
        }
        PixelRect region = mask.Region;
        int perColumn = mask.WordsPerColumn;
        ReadOnlySpan<ulong> words = mask.Words.Span;
        for (int column = 0; column < region.Width; column++)
        {
            for (int word = 0; word < perColumn; word++)
            {
                int at = (column * perColumn) + word;
                ulong inside = words[at];
                if (inside == 0)
                    continue;
                ulong above = (inside << 1) | (word > 0 ? words[at - 1] >> 63 : 0);
                ulong below = (inside >> 1) | (word + 1 < perColumn ? words[at + 1] << 63 : 0);
                ulong left = column > 0 ? words[at - perColumn] : 0;
                ulong right = column + 1 < region.Width ? words[at + perColumn] : 0;
                ulong border = inside & ~(above & below & left & right);
                int x = region.X + column, y = region.Y + (word << 6);
                for (ulong bits = inside; bits != 0; bits &= bits - 1)
                    canvas.Blend(x, y + BitOperations.TrailingZeroCount(bits), color, MaskOpacity);
                for (; border != 0; border &= border - 1)
                {
                    int row = y + BitOperations.TrailingZeroCount(border);
                    int from = x - ((thickness - 1) / 2), top = row - ((thickness - 1) / 2);
                    canvas.Fill(from, top, from + thickness, top + thickness, color, BorderOpacity);
                }
            }
        }
    }

    private static void DrawScaled(Canvas canvas, BinaryMask mask, (byte Blue, byte Green, byte Red) color)
    {
        for (int y = 0; y < canvas.Height; y++)
        {
            int row = (int)((long)y * mask.Height / canvas.Height);
            for (int x = 0; x < canvas.Width; x++)
            {
                if (mask[(int)((long)x * mask.Width / canvas.Width), row])
                    canvas.Blend(x, y, color, MaskOpacity);
            }
        }
    }
}
