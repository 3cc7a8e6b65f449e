using System.Buffers;
using Yolact.Edge.Imaging;

namespace Yolact.Edge.Simulation.Shading;

/// <summary>
/// A part drawn once, at its place on the belt's px grid: colour, shadow and mask. The belt copies it into its strip. Buffers are
/// pooled: dispose when the part has left.
/// </summary>
internal sealed class PartSprite : IDisposable
{
    public PartSprite(long id, long originU, PixelRect bounds)
    {
        Id = id;
        OriginU = originU;
        Bounds = bounds;
        Color = ArrayPool<byte>.Shared.Rent(bounds.Width * bounds.Height * 4);
        Shadow = ArrayPool<byte>.Shared.Rent(bounds.Width * bounds.Height);
        Mask = ArrayPool<byte>.Shared.Rent(bounds.Width * bounds.Height);
    }

    public long Id { get; }

    /// <summary>The belt column that <see cref="Bounds"/>' x is counted from.</summary>
    public long OriginU { get; }

    /// <summary>The px that the sprite covers, shadow included.</summary>
    public PixelRect Bounds { get; }

    /// <summary>Premultiplied B, G, R, A, row-major.</summary>
    public byte[] Color { get; }

    /// <summary>How much light the part takes from the belt, 0..255.</summary>
    public byte[] Shadow { get; }

    /// <summary>1 where the part's outline covers at least half of the px.</summary>
    public byte[] Mask { get; }

    /// <summary>Count of the mask's px: the area of the whole part, nothing hidden.</summary>
    public int MaskArea { get; set; }

    public long FirstU => OriginU + Bounds.X;

    public long EndU => OriginU + Bounds.Right;

    public void Dispose()
    {
        ArrayPool<byte>.Shared.Return(Color);
        ArrayPool<byte>.Shared.Return(Shadow);
        ArrayPool<byte>.Shared.Return(Mask);
    }
}
