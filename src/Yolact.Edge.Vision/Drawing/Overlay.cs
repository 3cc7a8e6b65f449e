using System.Buffers;
using System.Globalization;
using System.Runtime.InteropServices;
using SkiaSharp;
using Yolact.Edge.Imaging;
using Yolact.Edge.Vision.Preprocessing;

namespace Yolact.Edge.Vision.Drawing;

/// <summary>
/// A copy of a picture with its detections drawn in: translucent masks with contours, boxes, and tags with class and score, in a
/// colour for each class. The same input gives the same pixels on every machine. Disposing it gives its memory to the next one: large arrays that
/// are left to the collector make it look at everything.
/// </summary>
public sealed class Overlay : IDisposable
{
    private const int DefaultQuality = 90;

    // Lines and letters of one pixel on small pictures, two from this longer side on, three from twice that.
    private const int SidePerScale = 700;

    private byte[]? _rented;

    private Overlay(int width, int height)
    {
        (Width, Height) = (width, height);
        _rented = ArrayPool<byte>.Shared.Rent(checked(width * height * 4));
    }

    /// <summary>Columns in px.</summary>
    public int Width { get; }

    /// <summary>Rows in px.</summary>
    public int Height { get; }

    /// <summary>Four bytes a pixel: B, G, R, 255; rows without padding.</summary>
    /// <exception cref="ObjectDisposedException">It was disposed.</exception>
    public ReadOnlySpan<byte> Pixels => Written;

    private Span<byte> Written => Rented.AsSpan(0, Width * Height * 4);

    private byte[] Rented => _rented ?? throw new ObjectDisposedException(nameof(Overlay));

    /// <summary>Draws detections into a copy of a picture, the best on top.</summary>
    /// <param name="frame">The picture; any format.</param>
    /// <param name="detections">In px of that picture, best first.</param>
    /// <param name="classes">Names of the classes.</param>
    public static Overlay Draw(Frame frame, ReadOnlySpan<Detection> detections, IReadOnlyList<string> classes)
    {
        ArgumentNullException.ThrowIfNull(classes);
        var marks = new OverlayMark[detections.Length];
        for (int i = 0; i < marks.Length; i++)
        {
            Detection one = detections[i];
            string name = (uint)one.ClassId < (uint)classes.Count ? classes[one.ClassId]
                : one.ClassId.ToString(CultureInfo.InvariantCulture);
            marks[i] = new(one.Box, one.Mask, string.Create(CultureInfo.InvariantCulture, $"{name} {one.Score:0.00}"),
                ClassColor.Of(one.ClassId));
        }
        return Draw(frame, marks);
    }

    /// <summary>Draws marks into a copy of a picture, the first on top.</summary>
    /// <param name="frame">The picture; any format.</param>
    /// <param name="marks">In px of that picture.</param>
    public static Overlay Draw(Frame frame, ReadOnlySpan<OverlayMark> marks)
    {
        ArgumentNullException.ThrowIfNull(frame);
        var overlay = new Overlay(frame.Width, frame.Height);
        overlay.Copy(frame);
        var canvas = new Canvas(overlay.Written, frame.Width, frame.Height);
        int scale = 1 + (Math.Max(frame.Width, frame.Height) / SidePerScale);
        for (int i = marks.Length - 1; i >= 0; i--)
        {
            if (!marks[i].Mask.Region.IsEmpty)
                MaskPainter.Draw(canvas, marks[i].Mask, marks[i].Color, scale);
        }
        for (int i = marks.Length - 1; i >= 0; i--)
            LabelPainter.Draw(canvas, marks[i].Box, marks[i].Text, marks[i].Color, scale);
        return overlay;
    }

    /// <summary>The picture as a file's content.</summary>
    /// <param name="format">How to encode.</param>
    /// <param name="quality">Of JPEG, 1..100.</param>
    public byte[] Encode(OverlayFormat format, int quality = DefaultQuality)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(quality, 1);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(quality, 100);
        var info = new SKImageInfo(Width, Height, SKColorType.Bgra8888, SKAlphaType.Opaque);
        GCHandle pinned = GCHandle.Alloc(Rented, GCHandleType.Pinned);
        try
        {
            using var pixmap = new SKPixmap(info, pinned.AddrOfPinnedObject(), info.RowBytes);
            using SKData? data = format == OverlayFormat.Png
                ? pixmap.Encode(SKEncodedImageFormat.Png, DefaultQuality)
                : pixmap.Encode(SKEncodedImageFormat.Jpeg, quality);
            return data?.ToArray()
                ?? throw new InvalidOperationException($"A picture of {Width} x {Height} px cannot be encoded as {format}.");
        }
        finally
        {
            pinned.Free();
        }
    }

    /// <summary>Writes a file; it appears under its name only when it is complete.</summary>
    /// <param name="path">Ends in <c>.jpg</c> or <c>.jpeg</c> for JPEG; anything else becomes PNG.</param>
    /// <param name="quality">Of JPEG, 1..100.</param>
    /// <exception cref="IOException">The file cannot be written.</exception>
    public void Save(string path, int quality = DefaultQuality)
    {
        ArgumentException.ThrowIfNullOrEmpty(path);
        string extension = Path.GetExtension(path);
        bool jpeg = extension.Equals(".jpg", StringComparison.OrdinalIgnoreCase)
            || extension.Equals(".jpeg", StringComparison.OrdinalIgnoreCase);
        string part = path + ".part";
        try
        {
            File.WriteAllBytes(part, Encode(jpeg ? OverlayFormat.Jpeg : OverlayFormat.Png, quality));
            File.Move(part, path, overwrite: true);
        }
        finally
        {
            File.Delete(part);
        }
    }

    /// <summary>Gives the memory back; the pixels must not be used any more.</summary>
    public void Dispose()
    {
        if (Interlocked.Exchange(ref _rented, null) is { } rented)
            ArrayPool<byte>.Shared.Return(rented);
    }

    private void Copy(Frame frame)
    {
        Span<byte> pixels = Written;
        var rows = new SourceRows();
        rows.Begin();
        int channels = SourceRows.ChannelsOf(frame.Format), red = SourceRows.IsRgb(frame.Format) ? 0 : 2;
        var whole = new PixelRect(0, 0, Width, Height);
        for (int y = 0; y < Height; y++)
        {
            ReadOnlySpan<byte> from = rows.Row(frame, whole, y);
            Span<byte> to = pixels.Slice(y * Width * 4, Width * 4);
            for (int x = 0; x < Width; x++)
            {
                ReadOnlySpan<byte> pixel = from.Slice(x * channels, channels);
                (to[4 * x], to[(4 * x) + 1], to[(4 * x) + 2], to[(4 * x) + 3]) = channels == 1
                    ? (pixel[0], pixel[0], pixel[0], byte.MaxValue)
                    : (pixel[2 - red], pixel[1], pixel[red], byte.MaxValue);
            }
        }
    }
}
