using SkiaSharp;

namespace Yolact.Edge.Vision.Drawing;

/// <summary>A picture as a JPEG file of at most so many bytes: first quality is given up, then size.</summary>
/// <param name="Data">The file.</param>
/// <param name="Width">Columns in px.</param>
/// <param name="Height">Rows in px.</param>
/// <param name="Quality">Quality, 1..100.</param>
public sealed record CappedJpeg(byte[] Data, int Width, int Height, int Quality)
{
    private const int LeastSide = 16;

    private static readonly int[] Qualities = [85, 70, 50];

    /// <summary>Encodes a picture.</summary>
    /// <param name="picture">The picture.</param>
    /// <param name="maxWidth">The greatest width in px, at least 16.</param>
    /// <param name="maxBytes">The greatest length of the file; noise of 16 px always fits into 4096.</param>
    /// <exception cref="InvalidOperationException">Not even the smallest one fits.</exception>
    public static CappedJpeg Encode(Overlay picture, int maxWidth, int maxBytes)
    {
        ArgumentNullException.ThrowIfNull(picture);
        ArgumentOutOfRangeException.ThrowIfLessThan(maxWidth, LeastSide);
        for (int width = Math.Min(picture.Width, maxWidth); ; width /= 2)
        {
            int height = Math.Max(1, (int)((long)picture.Height * width / picture.Width));
            using SKBitmap scaled = Scale(picture, width, height);
            foreach (int quality in Qualities)
            {
                using SKData? data = scaled.Encode(SKEncodedImageFormat.Jpeg, quality);
                if (data is not null && data.Size <= maxBytes)
                    return new CappedJpeg(data.ToArray(), width, height, quality);
            }
            if (width / 2 < LeastSide)
                throw new InvalidOperationException($"A picture of {picture.Width} x {picture.Height} px does not fit into {maxBytes} bytes.");
        }
    }

    private static SKBitmap Scale(Overlay picture, int width, int height)
    {
        var scaled = new SKBitmap(new SKImageInfo(width, height, SKColorType.Bgra8888, SKAlphaType.Opaque));
        unsafe
        {
            fixed (byte* pixels = picture.Pixels)
            {
                var info = new SKImageInfo(picture.Width, picture.Height, SKColorType.Bgra8888, SKAlphaType.Opaque);
                using var source = new SKPixmap(info, (nint)pixels, info.RowBytes);
                using SKPixmap target = scaled.PeekPixels();
                // Mipmaps average what several source pixels fall into; nearest or plain bilinear would leave some out.
                if (!source.ScalePixels(target, new SKSamplingOptions(SKFilterMode.Linear, SKMipmapMode.Linear)))
                    throw new InvalidOperationException($"A picture of {picture.Width} x {picture.Height} px cannot be scaled.");
            }
        }
        return scaled;
    }
}
