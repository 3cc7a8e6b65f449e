using Yolact.Edge.Imaging;
using Yolact.Edge.Vision.Preprocessing;

namespace Yolact.Edge.Vision.Masks;

/// <summary>
/// A soft mask's crop as the picture has it: turned back, and transposed, so that a column lies in one piece, with a border of
/// one pixel: zeros, or at the mask's own right and bottom edge the last pixel once more, as interpolation reads there.
/// </summary>
internal sealed class MaskColumns
{
    private readonly float[] _values;
    private readonly bool[] _anyAbove;

    /// <summary>Room for a mask.</summary>
    /// <param name="longest">The mask's longer side.</param>
    public MaskColumns(int longest)
    {
        Stride = longest + 2 + Slack;
        _values = new float[(longest + 2) * Stride];
        _anyAbove = new bool[longest + 2];
    }

    /// <summary>Floats that may be read behind a column's border.</summary>
    public const int Slack = 16;

    /// <summary>The crop in the picture's orientation, in mask px.</summary>
    public PixelRect Crop { get; private set; }

    /// <summary>Columns of the whole mask in the picture's orientation.</summary>
    public int Width { get; private set; }

    /// <summary>Rows of the whole mask in the picture's orientation.</summary>
    public int Height { get; private set; }

    private int Stride { get; }

    /// <summary>A column from the crop's row -1 to one below its last.</summary>
    /// <param name="x">Column of the mask, Crop.X - 1 .. Crop.Right.</param>
    public ReadOnlySpan<float> Column(int x) => _values.AsSpan((x - Crop.X + 1) * Stride, Crop.Height + 2 + Slack);

    /// <summary>True where the column holds a value above one half.</summary>
    /// <param name="x">Column of the mask, Crop.X - 1 .. Crop.Right.</param>
    public bool AnyAboveHalf(int x) => _anyAbove[x - Crop.X + 1];

    /// <summary>Where the crop of a turned mask lies in the picture's orientation.</summary>
    /// <param name="crop">As the network saw it.</param>
    /// <param name="width">W, as the network saw it.</param>
    /// <param name="height">H, as the network saw it.</param>
    /// <param name="rotation">How the picture was turned.</param>
    public static PixelRect Unturn(PixelRect crop, int width, int height, Rotation rotation) => rotation switch
    {
        Rotation.Clockwise90 => new(crop.Y, width - crop.Right, crop.Height, crop.Width),
        Rotation.Clockwise180 => new(width - crop.Right, height - crop.Bottom, crop.Width, crop.Height),
        Rotation.Clockwise270 => new(height - crop.Bottom, crop.X, crop.Height, crop.Width),
        _ => crop,
    };

    /// <summary>Takes a mask.</summary>
    /// <param name="mask"><c>[H, W]</c> as the network saw it; only the crop is read.</param>
    /// <param name="width">W.</param>
    /// <param name="height">H.</param>
    /// <param name="crop">In the same orientation; not empty.</param>
    /// <param name="rotation">How the picture was turned.</param>
    public void Set(ReadOnlySpan<float> mask, int width, int height, PixelRect crop, Rotation rotation)
    {
        bool quarter = rotation is Rotation.Clockwise90 or Rotation.Clockwise270;
        (Width, Height) = quarter ? (height, width) : (width, height);
        Crop = Unturn(crop, width, height, rotation);
        // column[x][y] = mask[start + x * stepX + y * stepY]
        (int start, int stepX, int stepY) = rotation switch
        {
            Rotation.Clockwise90 => (width - 1, width, -1),
            Rotation.Clockwise180 => ((width * height) - 1, -1, -width),
            Rotation.Clockwise270 => ((height - 1) * width, -width, 1),
            _ => (0, 1, width),
        };
        bool repeatRight = Crop.Right == Width, repeatBelow = Crop.Bottom == Height;
        Clear(0);
        for (int i = 0; i < Crop.Width; i++)
        {
            int from = start + ((Crop.X + i) * stepX) + (Crop.Y * stepY);
            Span<float> column = _values.AsSpan((i + 1) * Stride, Crop.Height + 2);
            float most = 0;
            column[0] = 0;
            for (int j = 1; j <= Crop.Height; j++, from += stepY)
            {
                float value = mask[from];
                most = Math.Max(most, value);
                column[j] = value;
            }
            column[^1] = repeatBelow ? column[^2] : 0;
            _anyAbove[i + 1] = most > 0.5f;
        }
        if (!repeatRight)
        {
            Clear(Crop.Width + 1);
            return;
        }
        _values.AsSpan(Crop.Width * Stride, Stride).CopyTo(_values.AsSpan((Crop.Width + 1) * Stride));
        _anyAbove[Crop.Width + 1] = _anyAbove[Crop.Width];
    }

    private void Clear(int column)
    {
        _values.AsSpan(column * Stride, Stride).Clear();
        _anyAbove[column] = false;
    }
}
