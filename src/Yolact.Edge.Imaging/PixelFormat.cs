namespace Yolact.Edge.Imaging;

/// <summary>How a <see cref="Frame"/> lays out its pixels. All formats hold 8 bits a sample.</summary>
public enum PixelFormat
{
    /// <summary>Three bytes a pixel: R, G, B.</summary>
    Rgb24,

    /// <summary>Three bytes a pixel: B, G, R.</summary>
    Bgr24,

    /// <summary>Four bytes a pixel: B, G, R and one that is ignored.</summary>
    Bgrx32,

    /// <summary>Two planes: Y at full size, then interleaved U and V at half width and half height (4:2:0).</summary>
    Nv12,

    /// <summary>Packed 4:2:2, two pixels in four bytes: Y0, U, Y1, V.</summary>
    Yuy2,

    /// <summary>One byte a pixel: luminance.</summary>
    Gray8,
}
