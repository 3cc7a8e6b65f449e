using Yolact.Edge.Imaging;
using Yolact.Edge.Simulation.Belt;
using Yolact.Edge.Simulation.Shading;

namespace Yolact.Edge.Simulation.Camera;

/// <summary>Reads a part's visible px from the strip's labels.</summary>
internal static class MaskReader
{
    /// <summary>The part's visible px as a mask whose region is their box, or null where none is visible.</summary>
    /// <param name="strip">Prepared for the picture.</param>
    /// <param name="sprite">The part's.</param>
    /// <param name="firstU">The belt column in the picture's first column.</param>
    /// <param name="open">The px of the picture that nothing fixed hides.</param>
    /// <param name="width">Columns of the picture.</param>
    /// <param name="height">Rows of the picture.</param>
    public static (BinaryMask Mask, int Area)? Read(BeltStrip strip, PartSprite sprite, long firstU, PixelRect open, int width,
        int height)
    {
        int left = (int)Math.Max(open.X, sprite.FirstU - firstU), right = (int)Math.Min(open.Right, sprite.EndU - firstU);
        int top = Math.Max(open.Y, sprite.Bounds.Y), bottom = Math.Min(open.Bottom, sprite.Bounds.Bottom);
        ushort label = BeltStrip.LabelOf(sprite.Id);
        int x1 = int.MaxValue, y1 = int.MaxValue, x2 = -1, y2 = -1, area = 0;
        for (int y = top; y < bottom; y++)
        {
            for (int x = left; x < right;)
            {
                ReadOnlySpan<ushort> labels = strip.LabelRow(firstU + x, y);
                int end = Math.Min(right, x + labels.Length), first = x;
                for (; x < end; x++)
                {
                    if (labels[x - first] != label)
                        continue;
                    area++;
                    x1 = Math.Min(x1, x);
                    x2 = Math.Max(x2, x);
                    y1 = Math.Min(y1, y);
                    y2 = y;
                }
            }
        }
        if (area == 0)
            return null;
        var region = new PixelRect(x1, y1, x2 + 1 - x1, y2 + 1 - y1);
        return (Pack(strip, label, firstU, region, width, height), area);
    }

    private static BinaryMask Pack(BeltStrip strip, ushort label, long firstU, PixelRect region, int width, int height)
    {
        int perColumn = BinaryMask.WordsFor(region.Height);
        var words = new ulong[region.Width * perColumn];
        for (int row = 0; row < region.Height; row++)
        {
            ulong bit = 1UL << (row & 63);
            for (int column = 0; column < region.Width;)
            {
                ReadOnlySpan<ushort> labels = strip.LabelRow(firstU + region.X + column, region.Y + row);
                int end = Math.Min(region.Width, column + labels.Length), first = column;
                for (; column < end; column++)
                {
                    if (labels[column - first] == label)
                        words[(column * perColumn) + (row >> 6)] |= bit;
                }
            }
        }
        return new(width, height, region, words);
    }
}
