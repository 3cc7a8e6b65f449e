using System.Numerics;

namespace Yolact.Edge.Simulation.Belt;

/// <summary>The bare belt's colour at any place: pattern, wear, streaks and grain, by lookups into noise.</summary>
internal sealed class BeltTexture
{
    private readonly BeltLook _look;
    private readonly float _offsetX;
    private readonly float _offsetY;
    private readonly float[] _streaks;
    private readonly float _lampX;
    private readonly float _lampY;

    public BeltTexture(BeltLook look, int height)
    {
        _look = look;
        var random = new SeededRandom(look.Seed);
        _offsetX = random.Range(0, 256);
        _offsetY = random.Range(0, 256);
        _lampX = MathF.Cos(look.LampAzimuth);
        _lampY = MathF.Sin(look.LampAzimuth);
        // Streaks where goods and rails have rubbed run along the whole belt.
        _streaks = new float[height];
        for (int y = 0; y < height; y++)
        {
            float narrow = NoiseTile.Grain(0.5f, (y * 0.45f) + _offsetY) - 0.5f;
            float wide = NoiseTile.Smooth(3.5f, (y * 0.5f) + _offsetX) - 0.5f;
            _streaks[y] = look.Wear * ((0.10f * narrow) + (0.35f * wide));
        }
    }

    /// <summary>Fills a strip of the belt.</summary>
    /// <param name="firstU">The belt column of the strip's first px.</param>
    /// <param name="width">Columns of the strip.</param>
    /// <param name="target">B, G, R, 255, row-major, as many rows as the look was made for.</param>
    public void Fill(long firstU, int width, Span<byte> target)
    {
        float mottle = 0.10f + (0.30f * _look.Wear), grain = 0.10f + (0.10f * _look.Relief);
        // The period keeps float precision on a belt that has run for weeks; the noise repeats after 256 cells in any case.
        float baseU = firstU % 25_600, patternU = (float)(firstU % (1000.0 * _look.Pitch));
        Vector3 color = _look.Color * 255;
        int at = 0;
        for (int y = 0; y < _streaks.Length; y++)
        {
            float shadeRow = 1 + _streaks[y];
            for (int x = 0; x < width; x++, at += 4)
            {
                float u = baseU + x;
                float patch = NoiseTile.Smooth((u * 0.31f) + _offsetX, (y * 0.31f) + _offsetY) - 0.5f;
                float speck = NoiseTile.White((int)u + (int)_offsetX, y + (int)_offsetY) - 0.5f;
                float shade = (shadeRow + (mottle * patch) + (grain * speck)) * Pattern(patternU + x, y);
                target[at] = ToByte(color.Z * shade);
                target[at + 1] = ToByte(color.Y * shade);
                target[at + 2] = ToByte(color.X * shade);
                target[at + 3] = 255;
            }
        }
    }

    private float Pattern(float u, float y)
    {
        float relief = _look.Relief, pitch = _look.Pitch;
        switch (_look.Pattern)
        {
            case BeltPattern.Weave:
                {
                    float over = Wave((u + y) / pitch) * Wave((u - y) / pitch);
                    return 1 + (0.26f * relief * over);
                }
            case BeltPattern.Diamond:
                {
                    // Pyramids: each of the four faces has its own slope to the lamp.
                    float a = Fraction((u + y) / pitch) - 0.5f, b = Fraction((u - y) / pitch) - 0.5f;
                    float edge = MathF.Min(1, 6 * (0.5f - MathF.Max(MathF.Abs(a), MathF.Abs(b))));
                    float lean = MathF.Abs(a) > MathF.Abs(b)
                        ? MathF.Sign(a) * (_lampX + _lampY)
                        : MathF.Sign(b) * (_lampX - _lampY);
                    return (0.75f + (0.25f * edge)) * (1 + (0.16f * relief * lean));
                }
            case BeltPattern.Links:
                {
                    float row = MathF.Floor(y / (pitch * 0.62f)), along = (u / pitch) + (((int)row & 1) * 0.5f);
                    float du = Fraction(along) * pitch, dy = y - (row * pitch * 0.62f);
                    float gap = MathF.Min(MathF.Min(du, pitch - du), MathF.Min(dy, (pitch * 0.62f) - dy));
                    float dark = gap < 1.6f ? 0.45f : gap < 4 ? 1 + (0.14f * (du < 4 || dy < 4 ? 1 : -1)) : 1;
                    return 1 + ((dark - 1) * (0.4f + (0.6f * relief)));
                }
            case BeltPattern.Ribs:
                return 1 + (0.22f * relief * Wave(y / pitch));
            default:
                return 1;
        }
    }

    // A cheap sine: a parabola each half period.
    private static float Wave(float turns)
    {
        float t = (Fraction(turns) * 2) - 1;
        return 4 * t * (1 - MathF.Abs(t));
    }

    private static float Fraction(float value) => value - MathF.Floor(value);

    private static byte ToByte(float value) => (byte)Math.Clamp(value, 0, 255);
}
