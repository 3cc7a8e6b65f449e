using System.Text;
using CsCheck;

namespace Yolact.Edge.Imaging.Tests;

/// <summary>A mask as one bool a pixel, and the obvious version of everything that is done to masks.</summary>
internal sealed record ScalarMask(int Width, int Height, PixelRect Region, bool[,] Pixels)
{
    /// <summary>Masks of up to 150 x 150 px, in regions of every kind: speckled, striped, solid and empty.</summary>
    public static Gen<ScalarMask> Gen { get; } =
        from width in CsCheck.Gen.Int[1, 40]
        from height in CsCheck.Gen.OneOf(CsCheck.Gen.Int[1, 150], CsCheck.Gen.OneOf(63, 64, 65, 127, 128, 129))
        from mask in Sized(width, height)
        select mask;

    /// <summary>Masks of one size.</summary>
    public static Gen<ScalarMask> Sized(int width, int height) =>
        from x in CsCheck.Gen.Int[0, width - 1]
        from y in CsCheck.Gen.OneOf(CsCheck.Gen.Const(0), CsCheck.Gen.Int[0, height - 1])
        from regionWidth in CsCheck.Gen.Int[0, width - x]
        from regionHeight in CsCheck.Gen.OneOf(CsCheck.Gen.Const(height - y), CsCheck.Gen.Int[0, height - y])
        from seed in CsCheck.Gen.Int
        from density in CsCheck.Gen.OneOf(0.0, 0.02, 0.5, 0.98, 1.0)
        select Draw(width, height, new PixelRect(x, y, regionWidth, regionHeight), seed, density);

    public static ScalarMask From(BinaryMask mask)
    {
        bool[,] pixels = new bool[mask.Height, mask.Width];
        for (int y = 0; y < mask.Height; y++)
        {
            for (int x = 0; x < mask.Width; x++)
                pixels[y, x] = mask[x, y];
        }
        return new(mask.Width, mask.Height, mask.Region, pixels);
    }

    public static ScalarMask Parse(params string[] rows)
    {
        bool[,] pixels = new bool[rows.Length, rows[0].Length];
        for (int y = 0; y < rows.Length; y++)
        {
            for (int x = 0; x < rows[0].Length; x++)
                pixels[y, x] = rows[y][x] == '#';
        }
        return new(rows[0].Length, rows.Length, new PixelRect(0, 0, rows[0].Length, rows.Length), pixels);
    }

    public BinaryMask ToBinaryMask()
    {
        int perColumn = BinaryMask.WordsFor(Region.Height);
        ulong[] words = new ulong[Region.Width * perColumn];
        for (int x = 0; x < Region.Width; x++)
        {
            for (int y = 0; y < Region.Height; y++)
            {
                if (Pixels[Region.Y + y, Region.X + x])
                    words[(x * perColumn) + (y / 64)] |= 1UL << (y % 64);
            }
        }
        return new BinaryMask(Width, Height, Region, words);
    }

    public IEnumerable<bool> ColumnMajor()
    {
        for (int x = 0; x < Width; x++)
        {
            for (int y = 0; y < Height; y++)
                yield return Pixels[y, x];
        }
    }

    public int Area() => ColumnMajor().Count(pixel => pixel);

    public bool SamePixels(ScalarMask other) =>
        Width == other.Width && Height == other.Height && ColumnMajor().SequenceEqual(other.ColumnMajor());

    public PixelRect BoundingBox()
    {
        int left = int.MaxValue, right = -1, top = int.MaxValue, bottom = -1;
        for (int y = 0; y < Height; y++)
        {
            for (int x = 0; x < Width; x++)
            {
                if (!Pixels[y, x])
                    continue;
                (left, right) = (Math.Min(left, x), Math.Max(right, x));
                (top, bottom) = (Math.Min(top, y), Math.Max(bottom, y));
            }
        }
        return right < 0 ? default : new PixelRect(left, top, right - left + 1, bottom - top + 1);
    }

    public int[] Runs()
    {
        List<int> runs = [];
        bool value = false;
        int run = 0;
        foreach (bool pixel in ColumnMajor())
        {
            if (pixel != value)
            {
                runs.Add(run);
                run = 0;
                value = pixel;
            }
            run++;
        }
        runs.Add(run);
        return [.. runs];
    }

    public static string Compress(IReadOnlyList<int> runs)
    {
        StringBuilder text = new();
        for (int i = 0; i < runs.Count; i++)
        {
            int value = runs[i] - (i > 2 ? runs[i - 2] : 0);
            while (true)
            {
                int group = value & 31;
                value >>= 5;
                bool done = (group & 16) != 0 ? value == -1 : value == 0;
                text.Append((char)(48 + group + (done ? 0 : 32)));
                if (done)
                    break;
            }
        }
        return text.ToString();
    }

    private static ScalarMask Draw(int width, int height, PixelRect region, int seed, double density)
    {
        Random random = new(seed);
        bool[,] pixels = new bool[height, width];
        for (int x = region.X; x < region.Right; x++)
        {
            for (int y = region.Y; y < region.Bottom; y++)
                pixels[y, x] = random.NextDouble() < density;
        }
        return new(width, height, region, pixels);
    }
}
