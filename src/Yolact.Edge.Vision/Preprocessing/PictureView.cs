using Yolact.Edge.Imaging;

namespace Yolact.Edge.Vision.Preprocessing;

/// <summary>
/// What the network sees of a picture: a region of interest, turned. Boxes and masks are reported in px of the full picture all
/// the same.
/// </summary>
/// <param name="Region">The part of the picture, in its own px; null for all of it.</param>
/// <param name="Rotation">How that part is turned.</param>
public readonly record struct PictureView(PixelRect? Region = null, Rotation Rotation = Rotation.None)
{
    /// <summary>The region in a picture of that size.</summary>
    /// <param name="width">Columns of the picture, in px.</param>
    /// <param name="height">Rows of the picture, in px.</param>
    /// <exception cref="ArgumentException">The region is empty or leaves the picture.</exception>
    internal PixelRect RegionOf(int width, int height)
    {
        PixelRect region = Region ?? new PixelRect(0, 0, width, height);
        if (region.IsEmpty || region.X < 0 || region.Y < 0 || region.Right > width || region.Bottom > height)
        {
            throw new ArgumentException(
                $"The region of interest {region.Width} x {region.Height} at ({region.X}, {region.Y}) does not lie in the picture "
                + $"of {width} x {height} px.");
        }
        return region;
    }

    /// <summary>
    /// A box in relative coordinates of the turned region (0..1), in relative coordinates of the region as it lies in the
    /// picture.
    /// </summary>
    /// <param name="box">Relative to what the network saw.</param>
    internal Box Unturn(Box box) => Rotation switch
    {
        Rotation.Clockwise90 => new(box.Y1, 1 - box.X2, box.Y2, 1 - box.X1),
        Rotation.Clockwise180 => new(1 - box.X2, 1 - box.Y2, 1 - box.X1, 1 - box.Y1),
        Rotation.Clockwise270 => new(1 - box.Y2, box.X1, 1 - box.Y1, box.X2),
        _ => box,
    };
}
