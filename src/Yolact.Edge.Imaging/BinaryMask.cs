namespace Yolact.Edge.Imaging;

/// <summary>
/// The pixels of one object in a picture of <see cref="Width"/> x <see cref="Height"/> px: bit-packed and column-major within
/// <see cref="Region"/>, all zero outside it. Column-major because COCO's run lengths run down columns: encoding is then a scan for
/// bit changes. Bit r % 64 of word c * <see cref="WordsPerColumn"/> + r / 64 is the pixel in row Region.Y + r of column Region.X + c;
/// bits past the region's height are zero. A view: it does not own its words.
/// </summary>
public readonly record struct BinaryMask
{
    /// <summary>A view of <paramref name="words"/>.</summary>
    /// <param name="width">Columns of the whole picture, at least 1.</param>
    /// <param name="height">Rows of the whole picture, at least 1.</param>
    /// <param name="region">The part of the picture that the words cover; inside the picture.</param>
    /// <param name="words">At least region.Width * ceil(region.Height / 64) words.</param>
    /// <exception cref="ArgumentOutOfRangeException">The region leaves the picture, or the picture has 2^31 px or more.</exception>
    /// <exception cref="ArgumentException">Too few words.</exception>
    public BinaryMask(int width, int height, PixelRect region, ReadOnlyMemory<ulong> words)
    {
        if (region.X < 0 || region.Y < 0 || region.Width < 0 || region.Height < 0 || region.Right > width || region.Bottom > height)
            throw new ArgumentOutOfRangeException(nameof(region), region, $"The region leaves the picture of {width} x {height} px.");
        if ((long)width * height > int.MaxValue)
            throw new ArgumentOutOfRangeException(nameof(width), width, $"A picture of {width} x {height} px is too large for a mask.");
        Width = width;
        Height = height;
        Region = region;
        WordsPerColumn = WordsFor(region.Height);
        if (words.Length < region.Width * WordsPerColumn)
            throw new ArgumentException($"{words.Length} words are too few for {region}.", nameof(words));
        Words = words[..(region.Width * WordsPerColumn)];
    }

    /// <summary>Columns of the whole picture, in px.</summary>
    public int Width { get; }

    /// <summary>Rows of the whole picture, in px.</summary>
    public int Height { get; }

    /// <summary>The part of the picture outside which every pixel is zero.</summary>
    public PixelRect Region { get; }

    /// <summary>Words from one column to the next.</summary>
    public int WordsPerColumn { get; }

    /// <summary>The bits.</summary>
    public ReadOnlyMemory<ulong> Words { get; }

    /// <summary>One pixel of the whole picture.</summary>
    /// <param name="x">Column.</param>
    /// <param name="y">Row.</param>
    public bool this[int x, int y]
    {
        get
        {
            int column = x - Region.X, row = y - Region.Y;
            return (uint)column < (uint)Region.Width && (uint)row < (uint)Region.Height
                && (Words.Span[(column * WordsPerColumn) + (row >> 6)] >> (row & 63) & 1) != 0;
        }
    }

    /// <summary>Words that a column of <paramref name="rows"/> pixels takes.</summary>
    /// <param name="rows">Rows, at least 0.</param>
    public static int WordsFor(int rows) => (rows + 63) >> 6;
}
