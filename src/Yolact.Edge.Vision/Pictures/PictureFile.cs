using System.Runtime.InteropServices;
using SkiaSharp;
using Yolact.Edge.Imaging;

namespace Yolact.Edge.Vision.Pictures;

/// <summary>
/// Reads picture files (JPEG, PNG, WebP, BMP, GIF's first picture, ICO, WBMP) into frames of <see cref="PixelFormat.Bgrx32"/>, as
/// the reference's reader does: turned upright as EXIF says, transparency dropped, no colour management, 16-bit samples cut to 8,
/// CMYK converted.
/// </summary>
public static class PictureFile
{
    /// <summary>The largest file, in bytes: 256 MiB.</summary>
    public const long MaxBytes = 256L << 20;

    /// <summary>The most pixels a picture may have: 100 million, 400 MB in memory.</summary>
    public const long MaxPixels = 100_000_000;

    private static readonly string[] KnownExtensions = [".jpg", ".jpeg", ".png", ".webp", ".bmp", ".gif", ".ico", ".wbmp"];

    /// <summary>Whether a file's name ends as a picture's does.</summary>
    /// <param name="path">A name or path.</param>
    public static bool HasPictureExtension(string path) =>
        KnownExtensions.Contains(Path.GetExtension(path), StringComparer.OrdinalIgnoreCase);

    /// <summary>Reads a file.</summary>
    /// <param name="path">The file.</param>
    /// <param name="pool">Where the frame's memory comes from.</param>
    /// <returns>The picture; to be disposed by the caller.</returns>
    /// <exception cref="PictureException">There is no such file, it is no picture, damaged, cut off or too large.</exception>
    public static Frame Read(string path, FramePool pool)
    {
        ArgumentException.ThrowIfNullOrEmpty(path);
        try
        {
            var file = new FileInfo(path);
            if (!file.Exists)
                throw new PictureException(path, Directory.Exists(path) ? "this is a folder, not a file"
                    : "there is no such file");
            if (file.Length > MaxBytes)
                throw new PictureException(path, $"the file has {file.Length} bytes, more than {MaxBytes}; make it smaller");
            return Decode(File.ReadAllBytes(path), path, pool);
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            throw new PictureException(path, $"it cannot be read ({error.Message.TrimEnd('.')})", error);
        }
    }

    /// <summary>Decodes a file's content.</summary>
    /// <param name="content">The bytes of the file.</param>
    /// <param name="name">What to call it in errors.</param>
    /// <param name="pool">Where the frame's memory comes from.</param>
    /// <returns>The picture; to be disposed by the caller.</returns>
    /// <exception cref="PictureException">It is no picture, damaged, cut off or too large.</exception>
    public static Frame Decode(byte[] content, string name, FramePool pool)
    {
        ArgumentNullException.ThrowIfNull(content);
        ArgumentNullException.ThrowIfNull(pool);
        using SKData data = SKData.CreateCopy(content);
        using SKCodec? codec = SKCodec.Create(data);
        if (codec is null)
            throw new PictureException(name,
                "it is no picture of a known kind (JPEG, PNG, WebP, BMP, GIF), or its header is damaged");
        (int width, int height) = (codec.Info.Width, codec.Info.Height);
        if (width < 1 || height < 1 || width > FrameLayout.MaxSide || height > FrameLayout.MaxSide
            || (long)width * height > MaxPixels)
        {
            throw new PictureException(
                name, $"{width} x {height} px; sides may have at most {FrameLayout.MaxSide} px, pictures {MaxPixels} px; "
                + "make it smaller");
        }
        Frame stored = pool.Rent(FrameLayout.Packed(width, height, PixelFormat.Bgrx32));
        try
        {
            Decode(codec, stored, name);
            if (codec.EncodedOrigin is SKEncodedOrigin.TopLeft or SKEncodedOrigin.Default)
                return stored.AddReference();
            return ExifOrientation.Upright(stored, codec.EncodedOrigin, pool);
        }
        finally
        {
            stored.Dispose();
        }
    }

    private static unsafe void Decode(SKCodec codec, Frame frame, string name)
    {
        // Without a colour space the samples stay as they are in the file.
        var info = new SKImageInfo(frame.Width, frame.Height, SKColorType.Bgra8888,
            codec.Info.AlphaType == SKAlphaType.Opaque ? SKAlphaType.Opaque : SKAlphaType.Unpremul);
        SKCodecResult result;
        fixed (byte* pixels = &MemoryMarshal.GetReference(frame.Pixels))
            result = codec.GetPixels(info, (nint)pixels, frame.Layout.Stride, SKCodecOptions.Default);
        switch (result)
        {
            case SKCodecResult.Success:
                return;
            case SKCodecResult.IncompleteInput:
                throw new PictureException(name, "the file is cut off; copy it again");
            case SKCodecResult.ErrorInInput:
                throw new PictureException(name, "its data are damaged; copy it again");
            default:
                throw new PictureException(name, $"it cannot be decoded ({result}); save it as JPEG or PNG with 8 bits a sample");
        }
    }
}
