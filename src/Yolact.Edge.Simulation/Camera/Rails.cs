using System.Numerics;
using Yolact.Edge.Simulation.Belt;

namespace Yolact.Edge.Simulation.Camera;

/// <summary>The frame's side rails: aluminium profiles that stand still above the belt's edges and hide what lies under
/// them.</summary>
internal sealed class Rails
{
    private readonly int _width;
    private readonly byte[] _pixels;

    public Rails(BeltLook look, int width, int height)
    {
        _width = width;
        Top = (int)look.RailTop;
        Bottom = height - (int)look.RailBottom;
        _pixels = new byte[(Top + height - Bottom) * width * 4];
        Height = height;
        var random = new SeededRandom(look.Seed ^ 0x5241494C);
        float level = random.Range(95, 190), groove = random.Range(0.3, 0.7);
        float screws = random.Range(90, 260), screwAt = random.Range(0, 90);
        var color = new Vector3(level * random.Range(0.95, 1.05), level, level * random.Range(0.95, 1.03));
        for (int row = 0; row < Top; row++)
            FillRow(row, (Top - 0.5f - row) / Top, Top, color, groove, screws, screwAt);
        for (int y = Bottom; y < height; y++)
            FillRow(Top + y - Bottom, (y + 0.5f - Bottom) / (height - Bottom), height - Bottom, color * 0.94f, groove, screws,
                screwAt * 2);
    }

    /// <summary>The first row that the upper rail leaves free.</summary>
    public int Top { get; }

    /// <summary>The first row that the lower rail hides.</summary>
    public int Bottom { get; }

    private int Height { get; }

    /// <summary>True where a rail hides the belt.</summary>
    public bool Hides(int y) => y < Top || (y >= Bottom && y < Height);

    /// <summary>A hidden row's colours: B, G, R, 255.</summary>
    public ReadOnlySpan<byte> Row(int y) => _pixels.AsSpan((y < Top ? y : Top + y - Bottom) * _width * 4, _width * 4);

    // depth: 0 at the edge to the belt, 1 at the picture's border.
    private void FillRow(int row, float depth, int rows, Vector3 color, float groove, float screws, float screwAt)
    {
        float shade = depth < 0.10f ? 1.25f : 1;
        float inGroove = MathF.Abs(depth - groove);
        if (inGroove < 0.09f)
            shade *= 0.35f;
        else if (inGroove < 0.13f)
            shade *= 1.2f;
        int at = row * _width * 4;
        for (int x = 0; x < _width; x++, at += 4)
        {
            float brushed = NoiseTile.Grain(x * 0.03f, (row * 1.3f) + 17) - 0.5f;
            float lit = shade * (1 + (0.16f * brushed) + (0.05f * (NoiseTile.White(x, row) - 0.5f)));
            float dx = MathF.IEEERemainder(x - screwAt, screws), dy = (depth - 0.72f) * rows;
            float distance = MathF.Sqrt((dx * dx) + (dy * dy));
            if (rows > 16 && distance < 5.5f)
                lit = distance < 2.4f ? 0.25f : distance > 4.6f ? 0.4f : 0.75f + (0.06f * (dx + dy) * -0.5f);
            _pixels[at] = (byte)Math.Clamp(color.Z * lit, 0, 255);
            _pixels[at + 1] = (byte)Math.Clamp(color.Y * lit, 0, 255);
            _pixels[at + 2] = (byte)Math.Clamp(color.X * lit, 0, 255);
            _pixels[at + 3] = 255;
        }
    }
}
