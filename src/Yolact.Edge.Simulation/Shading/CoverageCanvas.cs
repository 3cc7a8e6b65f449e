using System.Numerics;
using System.Runtime.InteropServices;
using SkiaSharp;
using Yolact.Edge.Imaging;

namespace Yolact.Edge.Simulation.Shading;

/// <summary>Rasterises outlines to 8-bit coverage (0..255, antialiased) in a buffer that is kept from one outline to the
/// next.</summary>
internal sealed class CoverageCanvas : IDisposable
{
    private readonly SKPaint _fill = new() { IsAntialias = true, Color = SKColors.White };
    private byte[] _pixels = [];

    /// <summary>Coverage of an outline, row-major over <paramref name="area"/>; valid until the next call.</summary>
    /// <param name="path">The outline in its own axes.</param>
    /// <param name="toBelt">From those axes to the belt's px.</param>
    /// <param name="area">The px of the belt that are wanted.</param>
    public ReadOnlySpan<byte> Fill(SKPath path, Matrix3x2 toBelt, PixelRect area) => Draw(path, toBelt, area, _fill);

    /// <summary>Coverage of whatever <paramref name="paint"/> makes of a path.</summary>
    public ReadOnlySpan<byte> Draw(SKPath path, Matrix3x2 toBelt, PixelRect area, SKPaint paint)
    {
        int count = area.Width * area.Height;
        if (_pixels.Length < count)
            _pixels = GC.AllocateUninitializedArray<byte>(count, pinned: true);
        _pixels.AsSpan(0, count).Clear();
        var info = new SKImageInfo(area.Width, area.Height, SKColorType.Alpha8, SKAlphaType.Premul);
        using SKSurface surface = SKSurface.Create(info, Marshal.UnsafeAddrOfPinnedArrayElement(_pixels, 0), area.Width)
            ?? throw new InvalidOperationException($"Skia made no surface of {area.Width} x {area.Height} px.");
        SKMatrix matrix = ToSkia(toBelt);
        matrix.TransX -= area.X;
        matrix.TransY -= area.Y;
        surface.Canvas.SetMatrix(matrix);
        surface.Canvas.DrawPath(path, paint);
        return _pixels.AsSpan(0, count);
    }

    /// <summary>The smallest box of whole px around a transformed outline, widened by <paramref name="margin"/> px.</summary>
    public static PixelRect Bounds(SKPath path, Matrix3x2 toBelt, int margin)
    {
        Box bounds = TightBounds(path, toBelt);
        int left = (int)MathF.Floor(bounds.X1) - margin, top = (int)MathF.Floor(bounds.Y1) - margin;
        return new(left, top, (int)MathF.Ceiling(bounds.X2) + margin - left, (int)MathF.Ceiling(bounds.Y2) + margin - top);
    }

    /// <summary>The exact box around a transformed outline: curves count as far as they reach, not their control
    /// points.</summary>
    public static Box TightBounds(SKPath path, Matrix3x2 toBelt)
    {
        using var turned = new SKPath();
        path.Transform(ToSkia(toBelt), turned);
        SKRect bounds = turned.TightBounds;
        return new(bounds.Left, bounds.Top, bounds.Right, bounds.Bottom);
    }

    public static SKMatrix ToSkia(Matrix3x2 m) => new(m.M11, m.M21, m.M31, m.M12, m.M22, m.M32, 0, 0, 1);

    public void Dispose() => _fill.Dispose();
}
