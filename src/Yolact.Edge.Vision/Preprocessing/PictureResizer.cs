using Yolact.Edge.Imaging;

namespace Yolact.Edge.Vision.Preprocessing;

/// <summary>
/// Resizes a picture to the network's square input as the reference does: bilinear on float values, half-pixel centres, no
/// antialiasing, not rounded, aspect ratio not kept (FastBaseTransform, utils/augmentations.py:616-658 of dbolya/yolact).
/// Normalisation is in the graph. Holds scratch memory: one thread at a time.
/// </summary>
/// <param name="size">Side S of the network's input, in px.</param>
internal sealed class PictureResizer(int size)
{
    private readonly BilinearTaps _columns = new(), _rows = new();
    private readonly SourceRows _source = new();
    private float[] _blended = [];
    private float[] _planes = [];

    /// <summary>Into planes.</summary>
    /// <param name="frame">The picture; any format.</param>
    /// <param name="view">What of it, and how turned.</param>
    /// <param name="planes"><c>[3, S, S]</c> R, G, B, 0..255.</param>
    /// <exception cref="ArgumentException">The view leaves the picture, or <paramref name="planes"/> is too short.</exception>
    public void Resize(Frame frame, PictureView view, Span<float> planes)
    {
        int area = size * size;
        ArgumentOutOfRangeException.ThrowIfLessThan(planes.Length, 3 * area);
        if (view.Rotation == Rotation.None)
        {
            ResizeUpright(frame, view, planes);
            return;
        }
        // Turning the small result equals resizing the turned picture: the taps are symmetric.
        Span<float> upright = Scratch(ref _planes, 3 * area);
        ResizeUpright(frame, view, upright);
        for (int plane = 0; plane < 3; plane++)
            Turn(upright.Slice(plane * area, area), planes.Slice(plane * area, area), view.Rotation);
    }

    /// <summary>Into interleaved bytes, rounded to nearest: for models imported with a uint8 input.</summary>
    /// <param name="frame">The picture; any format.</param>
    /// <param name="view">What of it, and how turned.</param>
    /// <param name="pixels"><c>[S, S, 3]</c> R, G, B.</param>
    /// <exception cref="ArgumentException">The view leaves the picture, or <paramref name="pixels"/> is too short.</exception>
    public void Resize(Frame frame, PictureView view, Span<byte> pixels)
    {
        int area = size * size;
        ArgumentOutOfRangeException.ThrowIfLessThan(pixels.Length, 3 * area);
        Span<float> planes = Scratch(ref _planes, 6 * area);
        Span<float> upright = planes[..(3 * area)], turned = upright;
        ResizeUpright(frame, view, upright);
        if (view.Rotation != Rotation.None)
        {
            turned = planes[(3 * area)..];
            for (int plane = 0; plane < 3; plane++)
                Turn(upright.Slice(plane * area, area), turned.Slice(plane * area, area), view.Rotation);
        }
        Span<float> red = turned[..area], green = turned.Slice(area, area), blue = turned.Slice(2 * area, area);
        for (int i = 0, o = 0; i < area; i++, o += 3)
        {
            pixels[o] = (byte)(red[i] + 0.5f);
            pixels[o + 1] = (byte)(green[i] + 0.5f);
            pixels[o + 2] = (byte)(blue[i] + 0.5f);
        }
    }

    private void ResizeUpright(Frame frame, PictureView view, Span<float> planes)
    {
        PixelRect region = view.RegionOf(frame.Width, frame.Height);
        int channels = SourceRows.ChannelsOf(frame.Format), area = size * size, length = region.Width * channels;
        bool rgb = SourceRows.IsRgb(frame.Format);
        _columns.Set(region.Width, size);
        _rows.Set(region.Height, size);
        Span<float> blended = Scratch(ref _blended, length + RowTaps.Slack);
        Span<float> red = planes[..area], green = planes.Slice(area, area), blue = planes.Slice(2 * area, area);
        _source.Begin();
        for (int y = 0; y < size; y++)
        {
            int top = _rows.Index[y];
            ReadOnlySpan<byte> upper = _source.Row(frame, region, top);
            ReadOnlySpan<byte> lower = _source.Row(frame, region, Math.Min(top + 1, region.Height - 1));
            RowBlend.Blend(upper, lower, _rows.Weight[y], blended[..length]);
            blended.Slice(length - channels, channels).CopyTo(blended[length..]);
            int at = y * size;
            Span<float> r = red.Slice(at, size), g = green.Slice(at, size), b = blue.Slice(at, size);
            if (channels == 1)
            {
                RowTaps.ToPlane(blended, _columns, r);
                r.CopyTo(g);
                r.CopyTo(b);
            }
            else if (rgb)
            {
                RowTaps.ToPlanes(blended, channels, _columns, r, g, b);
            }
            else
            {
                RowTaps.ToPlanes(blended, channels, _columns, b, g, r);
            }
        }
    }

    private void Turn(ReadOnlySpan<float> upright, Span<float> turned, Rotation rotation)
    {
        // turned[y, x] = upright[start + x * stepX + y * stepY]
        (int start, int stepX, int stepY) = rotation switch
        {
            Rotation.Clockwise90 => ((size - 1) * size, -size, 1),
            Rotation.Clockwise180 => ((size * size) - 1, -1, -size),
            _ => (size - 1, size, -1),
        };
        for (int y = 0; y < size; y++)
        {
            int from = start + (y * stepY);
            foreach (ref float value in turned.Slice(y * size, size))
            {
                value = upright[from];
                from += stepX;
            }
        }
    }

    private static Span<float> Scratch(ref float[] buffer, int length)
    {
        if (buffer.Length < length)
            buffer = GC.AllocateUninitializedArray<float>(length);
        return buffer.AsSpan(0, length);
    }
}
