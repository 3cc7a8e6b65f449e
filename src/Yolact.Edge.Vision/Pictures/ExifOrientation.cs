using System.Runtime.InteropServices;
using SkiaSharp;
using Yolact.Edge.Imaging;

namespace Yolact.Edge.Vision.Pictures;

/// <summary>Turns a picture upright as its EXIF orientation asks (tag 0x0112, Exif 2.32 section 4.6.4).</summary>
internal static class ExifOrientation
{
    /// <summary>The upright picture.</summary>
    /// <param name="stored">As stored, <see cref="PixelFormat.Bgrx32"/> without padding.</param>
    /// <param name="origin">Where row 0 and column 0 of the stored picture lie in the upright one.</param>
    /// <param name="pool">Where memory comes from.</param>
    public static Frame Upright(Frame stored, SKEncodedOrigin origin, FramePool pool)
    {
        int width = stored.Width, height = stored.Height, last = (width * height) - 1;
        // pixel(x, y) of the upright picture = stored[start + x * stepX + y * stepY]
        (int start, int stepX, int stepY) = origin switch
        {
            SKEncodedOrigin.TopRight => (width - 1, -1, width),
            SKEncodedOrigin.BottomRight => (last, -1, -width),
            SKEncodedOrigin.BottomLeft => (last - width + 1, 1, -width),
            SKEncodedOrigin.LeftTop => (0, width, 1),
            SKEncodedOrigin.RightTop => (last - width + 1, -width, 1),
            SKEncodedOrigin.RightBottom => (last, -width, -1),
            SKEncodedOrigin.LeftBottom => (width - 1, width, -1),
            _ => (0, 1, width),
        };
        bool turned = origin >= SKEncodedOrigin.LeftTop;
        Frame upright = pool.Rent(FrameLayout.Packed(turned ? height : width, turned ? width : height, PixelFormat.Bgrx32));
        ReadOnlySpan<uint> from = MemoryMarshal.Cast<byte, uint>(stored.Pixels);
        Span<uint> to = MemoryMarshal.Cast<byte, uint>(upright.Pixels);
        for (int y = 0; y < upright.Height; y++)
        {
            int at = start + (y * stepY);
            foreach (ref uint pixel in to.Slice(y * upright.Width, upright.Width))
            {
                pixel = from[at];
                at += stepX;
            }
        }
        return upright;
    }
}
