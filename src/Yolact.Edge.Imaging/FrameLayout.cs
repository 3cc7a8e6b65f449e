namespace Yolact.Edge.Imaging;

/// <summary>Size, format and strides of a picture in memory.</summary>
/// <param name="Width">Columns, at least 1.</param>
/// <param name="Height">Rows, at least 1.</param>
/// <param name="Format">How pixels are laid out.</param>
/// <param name="Stride">Bytes from one row of the first plane to the next.</param>
/// <param name="ChromaOffset">Offset in bytes of the second plane (<see cref="PixelFormat.Nv12"/>); 0 for packed formats.</param>
/// <param name="ChromaStride">Bytes from one row of the second plane to the next; 0 for packed formats.</param>
public readonly record struct FrameLayout(
    int Width, int Height, PixelFormat Format, int Stride, int ChromaOffset = 0, int ChromaStride = 0)
{
    /// <summary>Bytes a pixel of the first plane takes: 1, 2, 3 or 4.</summary>
    public int BytesPerPixel => BytesPerPixelOf(Format);

    /// <summary>Bytes that a buffer of this layout needs.</summary>
    public int ByteCount => Format == PixelFormat.Nv12
        ? ChromaOffset + (ChromaStride * ((Height + 1) / 2))
        : Stride * Height;

    /// <summary>The layout without padding between rows or planes.</summary>
    /// <param name="width">Columns, 1..32768.</param>
    /// <param name="height">Rows, 1..32768.</param>
    /// <param name="format">How pixels are laid out.</param>
    /// <exception cref="ArgumentOutOfRangeException">A size outside its range, or more than <see cref="MaxBytes"/> in all.</exception>
    public static FrameLayout Packed(int width, int height, PixelFormat format)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(width, 1);
        ArgumentOutOfRangeException.ThrowIfLessThan(height, 1);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(width, MaxSide);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(height, MaxSide);
        long stride = format == PixelFormat.Yuy2 ? (width + 1) / 2 * 4L : (long)width * BytesPerPixelOf(format);
        int chromaStride = format == PixelFormat.Nv12 ? (width + 1) / 2 * 2 : 0;
        long bytes = (stride * height) + ((long)chromaStride * ((height + 1) / 2));
        if (bytes > MaxBytes)
            throw new ArgumentOutOfRangeException(nameof(width), width, $"{width} x {height} px of {format} take {bytes} bytes; {MaxBytes} are possible.");
        return new(width, height, format, (int)stride, chromaStride == 0 ? 0 : width * height, chromaStride);
    }

    /// <summary>The most bytes a frame may take: 1 GiB.</summary>
    public const int MaxBytes = 1 << 30;

    /// <summary>The longest side a frame may have, in px.</summary>
    public const int MaxSide = 32768;

    private static int BytesPerPixelOf(PixelFormat format) => format switch
    {
        PixelFormat.Rgb24 or PixelFormat.Bgr24 => 3,
        PixelFormat.Bgrx32 => 4,
        PixelFormat.Yuy2 => 2,
        _ => 1,
    };
}
