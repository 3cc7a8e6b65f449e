using System.Numerics;
using System.Runtime.InteropServices;

namespace Yolact.Edge.Imaging.Polygons;

/// <summary>
/// The exact outline of a mask: closed rings along the edges between set and unset pixels, of which the even-odd rule gives the mask back.
/// Outer rings run clockwise on the screen, holes counter-clockwise; set pixels that touch by a corner only are not joined there (4-connected).
/// Reusable: in steady state <see cref="Trace"/> allocates nothing. Not safe for use from several threads.
/// </summary>
/// <remarks>
/// Each ring is walked with the set pixels on the right. At each corner: if the pixel ahead on the right is unset, turn right; else if the one
/// ahead on the left is set, turn left; else go on. Every ring has a pixel's upper edge in it (walked to the right), so that the upper edges
/// that no ring has taken yet tell where the next one begins.
/// </remarks>
public sealed class MaskContours
{
    private readonly List<PixelPoint> _points = [];
    private readonly List<(int End, bool IsHole)> _rings = [];
    private ulong[] _upperEdges = [];

    /// <summary>How many rings the last mask has.</summary>
    public int Count => _rings.Count;

    /// <summary>The corners of a ring, each one a turn; the last is joined to the first. Valid until the next <see cref="Trace"/>.</summary>
    /// <param name="ring">0..<see cref="Count"/>-1; from left to right by a ring's leftmost upper edge.</param>
    public ReadOnlySpan<PixelPoint> this[int ring]
    {
        get
        {
            int start = ring == 0 ? 0 : _rings[ring - 1].End;
            return CollectionsMarshal.AsSpan(_points)[start.._rings[ring].End];
        }
    }

    /// <summary>True where the ring bounds a hole from outside.</summary>
    /// <param name="ring">0..<see cref="Count"/>-1.</param>
    public bool IsHole(int ring) => _rings[ring].IsHole;

    /// <summary>Finds the rings of a mask; those of the last one are forgotten.</summary>
    /// <param name="mask">The mask; no ring for an empty one.</param>
    public void Trace(in BinaryMask mask)
    {
        _points.Clear();
        _rings.Clear();
        Grid grid = new(mask);
        Span<ulong> upperEdges = FindUpperEdges(grid);
        for (int i = 0; i < upperEdges.Length; i++)
        {
            while (upperEdges[i] != 0)
            {
                int column = i / grid.WordsPerColumn;
                int row = ((i % grid.WordsPerColumn) * 64) + BitOperations.TrailingZeroCount(upperEdges[i]);
                Walk(grid, upperEdges, column, row, mask.Region);
            }
        }
    }

    private Span<ulong> FindUpperEdges(in Grid grid)
    {
        ReadOnlySpan<ulong> words = grid.Words;
        if (_upperEdges.Length < words.Length)
            _upperEdges = new ulong[words.Length];
        ulong above = 0;
        for (int i = 0; i < words.Length; i++)
        {
            if (i % grid.WordsPerColumn == 0)
                above = 0;
            _upperEdges[i] = words[i] & ~((words[i] << 1) | above);
            above = words[i] >> 63;
        }
        return _upperEdges.AsSpan(0, words.Length);
    }

    private void Walk(in Grid grid, Span<ulong> upperEdges, int startX, int startY, PixelRect region)
    {
        (int x, int y) = (startX, startY);
        (int dx, int dy) = (1, 0);
        long doubledArea = 0;
        do
        {
            if (dx == 1)
                upperEdges[(x * grid.WordsPerColumn) + (y >> 6)] &= ~(1UL << (y & 63));
            x += dx;
            y += dy;
            doubledArea += ((long)x * dy) - ((long)y * dx);

            // The pixels ahead: right of the walk lies (-dy, dx); a pixel's corner is its top left one.
            bool right = grid[x + ((dx - dy - 1) >> 1), y + ((dx + dy - 1) >> 1)];
            if (right && !grid[x + ((dx + dy - 1) >> 1), y + ((dy - dx - 1) >> 1)])
                continue;
            _points.Add(new PixelPoint(region.X + x, region.Y + y));
            (dx, dy) = right ? (dy, -dx) : (-dy, dx);
        }
        while (x != startX || y != startY || dx != 1);
        _rings.Add((_points.Count, doubledArea < 0));
    }

    /// <summary>Pixels of the region, unset outside it.</summary>
    private readonly ref struct Grid(in BinaryMask mask)
    {
        private readonly int _width = mask.Region.Width;
        private readonly int _height = mask.Region.Height;

        public ReadOnlySpan<ulong> Words { get; } = mask.Words.Span;

        public int WordsPerColumn { get; } = mask.WordsPerColumn;

        public bool this[int x, int y] => (uint)x < (uint)_width && (uint)y < (uint)_height
            && (Words[(x * WordsPerColumn) + (y >> 6)] >> (y & 63) & 1) != 0;
    }
}
