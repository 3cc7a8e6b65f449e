using Yolact.Edge.Imaging;

namespace Yolact.Edge.Vision.Preprocessing;

/// <summary>
/// The rows of a region of a frame as interleaved bytes, whatever the frame's format: packed formats are read where they lie,
/// Y'CbCr ones are converted row by row, each row once as long as rows are asked for in order. Only rows asked for are touched.
/// </summary>
internal sealed class SourceRows
{
    private byte[] _even = [], _odd = [];
    private int _evenRow, _oddRow;

    /// <summary>Bytes a pixel in the rows given: 1, 3 or 4.</summary>
    /// <param name="format">The frame's format.</param>
    public static int ChannelsOf(PixelFormat format) => format switch
    {
        PixelFormat.Gray8 => 1,
        PixelFormat.Rgb24 or PixelFormat.Bgr24 => 3,
        _ => 4,
    };

    /// <summary>True where the rows given are R, G, B; false for B, G, R.</summary>
    /// <param name="format">The frame's format.</param>
    public static bool IsRgb(PixelFormat format) => format == PixelFormat.Rgb24;

    /// <summary>Forgets rows of the frame before. To be called once a frame.</summary>
    public void Begin() => _evenRow = _oddRow = -1;

    /// <summary>One row of a region; valid until the second next row is asked for.</summary>
    /// <param name="frame">The frame.</param>
    /// <param name="region">The region, inside the frame.</param>
    /// <param name="y">Row of the region.</param>
    public ReadOnlySpan<byte> Row(Frame frame, PixelRect region, int y)
    {
        int row = region.Y + y;
        if (frame.Format is not (PixelFormat.Nv12 or PixelFormat.Yuy2))
        {
            int bytes = frame.Layout.BytesPerPixel;
            return frame.Row(row).Slice(region.X * bytes, region.Width * bytes);
        }
        ref byte[] buffer = ref (row & 1) == 0 ? ref _even : ref _odd;
        ref int held = ref (row & 1) == 0 ? ref _evenRow : ref _oddRow;
        // Chroma is shared by two columns: start at an even one.
        int start = region.X & ~1, pixels = region.Right - start;
        if (held != row)
        {
            if (buffer.Length < pixels * 4)
                buffer = new byte[pixels * 4];
            Convert(frame, row, start, pixels, buffer);
            held = row;
        }
        return buffer.AsSpan((region.X - start) * 4, region.Width * 4);
    }

    private static void Convert(Frame frame, int row, int start, int pixels, Span<byte> bgrx)
    {
        if (frame.Format == PixelFormat.Yuy2)
        {
            YuvRow.FromYuy2(frame.Row(row)[(start * 2)..], bgrx, pixels);
            return;
        }
        FrameLayout layout = frame.Layout;
        ReadOnlySpan<byte> chroma =
            frame.Pixels.Slice(layout.ChromaOffset + (row / 2 * layout.ChromaStride), (layout.Width + 1) / 2 * 2);
        YuvRow.FromNv12(frame.Row(row)[start..], chroma[start..], bgrx, pixels);
    }
}
