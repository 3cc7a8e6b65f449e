using Yolact.Edge.Imaging;
using Yolact.Edge.Vision.Preprocessing;

namespace Yolact.Edge.Vision.Masks;

/// <summary>
/// From a detection's soft mask to its bits, at the resolution asked for, in the picture's orientation and place.
/// Holds scratch memory: one thread at a time.
/// </summary>
/// <param name="side">Side of the prototypes, in px.</param>
/// <param name="resolution">How finely.</param>
internal sealed class MaskMaker(int side, MaskResolution resolution)
{
    private readonly MaskColumns _columns = new(side);
    private readonly MaskUpsampler _upsampler = new(side);
    private Rotation _rotation;
    private PixelRect _region;
    private int _width, _height;

    /// <summary>Takes a picture's geometry.</summary>
    /// <param name="width">Columns of the picture, in px.</param>
    /// <param name="height">Rows of the picture, in px.</param>
    /// <param name="region">The part that the network saw.</param>
    /// <param name="rotation">How that was turned.</param>
    public void Begin(int width, int height, PixelRect region, Rotation rotation)
    {
        _rotation = rotation;
        // At prototype resolution the mask is a picture of its own, which covers the region alone.
        (_width, _height) = resolution == MaskResolution.Prototype ? (side, side) : (width, height);
        _region = resolution == MaskResolution.Prototype ? new(0, 0, side, side) : region;
        _upsampler.Begin(side, side, _region.Width, _region.Height);
    }

    /// <summary>Words that a mask of that crop takes.</summary>
    /// <param name="crop">In prototype px, as the network saw it.</param>
    public int WordsFor(PixelRect crop)
    {
        if (resolution == MaskResolution.None)
            return 0;
        PixelRect reached = RegionOf(crop);
        return reached.Width * BinaryMask.WordsFor(reached.Height);
    }

    /// <summary>Makes the bits.</summary>
    /// <param name="mask"><c>[H, W]</c> as the network saw it; only the crop is read.</param>
    /// <param name="crop">In prototype px, as the network saw it.</param>
    /// <param name="words">As many as <see cref="WordsFor"/> says.</param>
    public BinaryMask Make(ReadOnlySpan<float> mask, PixelRect crop, Memory<ulong> words)
    {
        if (resolution == MaskResolution.None)
            return default;
        PixelRect reached = RegionOf(crop);
        if (reached.IsEmpty)
            return new BinaryMask(_width, _height, default, default);
        _columns.Set(mask, side, side, crop, _rotation);
        _upsampler.Upsample(_columns, reached, words.Span);
        return new BinaryMask(_width, _height, reached with { X = reached.X + _region.X, Y = reached.Y + _region.Y }, words);
    }

    private PixelRect RegionOf(PixelRect crop) => _upsampler.RegionOf(MaskColumns.Unturn(crop, side, side, _rotation));
}
