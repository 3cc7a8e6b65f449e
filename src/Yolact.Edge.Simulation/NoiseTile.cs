namespace Yolact.Edge.Simulation;

/// <summary>
/// Tileable noise, made once for the process: white, and smooth noise in four octaves (fractional Brownian motion). Everything
/// that looks irregular in the belt world is a lookup into these at its own scale and offset.
/// </summary>
internal static class NoiseTile
{
    public const int Side = 256;
    private const int Wrap = Side - 1;

    private static readonly float[] WhiteTile = MakeWhite();
    private static readonly float[] SmoothTile = MakeSmooth();

    /// <summary>Independent values, 0..1, one a cell.</summary>
    public static float White(int x, int y) => WhiteTile[((y & Wrap) * Side) + (x & Wrap)];

    /// <summary>Smooth noise of about 0..1 around 0.5; features from 32 cells down to 4; period 256 cells both ways.</summary>
    public static float Smooth(float x, float y)
    {
        int column = (int)MathF.Floor(x), row = (int)MathF.Floor(y);
        float fx = x - column, fy = y - row;
        int x0 = column & Wrap, x1 = (column + 1) & Wrap;
        int y0 = (row & Wrap) * Side, y1 = ((row + 1) & Wrap) * Side;
        float[] tile = SmoothTile;
        float top = tile[y0 + x0] + (fx * (tile[y0 + x1] - tile[y0 + x0]));
        float bottom = tile[y1 + x0] + (fx * (tile[y1 + x1] - tile[y1 + x0]));
        return top + (fy * (bottom - top));
    }

    /// <summary>Linear interpolation of white noise: grain at a scale of one cell.</summary>
    public static float Grain(float x, float y)
    {
        int column = (int)MathF.Floor(x), row = (int)MathF.Floor(y);
        float fx = x - column, fy = y - row;
        float top = White(column, row) + (fx * (White(column + 1, row) - White(column, row)));
        float bottom = White(column, row + 1) + (fx * (White(column + 1, row + 1) - White(column, row + 1)));
        return top + (fy * (bottom - top));
    }

    private static float[] MakeWhite()
    {
        var random = new SeededRandom(0x57484954);
        var tile = new float[Side * Side];
        for (int i = 0; i < tile.Length; i++)
            tile[i] = (float)random.NextDouble();
        return tile;
    }

    private static float[] MakeSmooth()
    {
        var tile = new float[Side * Side];
        float gain = 0.5f;
        for (int cell = 32; cell >= 4; cell /= 2, gain *= 0.5f)
            AddOctave(tile, cell, gain / 0.9375f);
        return tile;
    }

    private static void AddOctave(float[] tile, int cell, float gain)
    {
        int cells = Side / cell;
        var random = new SeededRandom((ulong)cell);
        var lattice = new float[cells * cells];
        for (int i = 0; i < lattice.Length; i++)
            lattice[i] = (float)random.NextDouble();
        for (int y = 0; y < Side; y++)
        {
            for (int x = 0; x < Side; x++)
            {
                int cx = x / cell, cy = y / cell;
                float fx = Ease((x % cell) / (float)cell), fy = Ease((y % cell) / (float)cell);
                int right = (cx + 1) % cells, below = (cy + 1) % cells;
                float top = Lerp(lattice[(cy * cells) + cx], lattice[(cy * cells) + right], fx);
                float bottom = Lerp(lattice[(below * cells) + cx], lattice[(below * cells) + right], fx);
                tile[(y * Side) + x] += gain * Lerp(top, bottom, fy);
            }
        }
    }

    private static float Ease(float t) => t * t * (3 - (2 * t));

    private static float Lerp(float a, float b, float t) => a + (t * (b - a));
}
