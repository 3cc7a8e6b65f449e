using Yolact.Edge.Simulation.Belt;

namespace Yolact.Edge.Simulation.Camera;

/// <summary>
/// What lamp and lens do to each px of the picture, wherever the belt has got to: a factor (exposure, falling light, vignetting,
/// tint, the rails' shade) and an addition (the lamp's glare).
/// </summary>
internal sealed class LightField
{
    /// <summary>The factor that <see cref="Gain"/> holds for 1.</summary>
    public const int One = 128;

    public LightField(BeltLook look, int width, int height)
    {
        Gain = new byte[width * height * 4];
        Glare = new byte[width * height * 4];
        for (int y = 0; y < height; y++)
        {
            float v = ((y + 0.5f) / height) - 0.5f;
            float rail = RailShade(look, y, height);
            for (int x = 0; x < width; x++)
            {
                float u = ((x + 0.5f) / width) - 0.5f;
                float gain = look.Gain * rail * (1 + (look.Gradient.X * u) + (look.Gradient.Y * v))
                    * (1 - (look.Vignette * 2 * ((u * u) + (v * v))));
                float du = u + 0.5f - look.GlareAt.X, dv = (v + 0.5f - look.GlareAt.Y) * 0.75f;
                float glare = look.Glare / (1 + (14 * ((du * du) + (dv * dv))));
                int at = ((y * width) + x) * 4;
                Store(at, gain, glare, look.Tint.Z);
                Store(at + 1, gain, glare, look.Tint.Y);
                Store(at + 2, gain, glare, look.Tint.X);
            }
        }
    }

    /// <summary>Factors of B, G, R and nothing, <see cref="One"/> for 1, row-major.</summary>
    public byte[] Gain { get; }

    /// <summary>Additions to B, G, R and nothing, in levels.</summary>
    public byte[] Glare { get; }

    private void Store(int at, float gain, float glare, float tint)
    {
        Gain[at] = (byte)Math.Clamp((gain * tint * One) + 0.5f, 0, 255);
        Glare[at] = (byte)Math.Clamp((glare * tint * 255) + 0.5f, 0, 255);
    }

    // A rail stands above the belt and keeps light from its edge.
    private static float RailShade(BeltLook look, int y, int height)
    {
        float shade = 1;
        if (look.RailTop > 0)
            shade -= 0.35f * MathF.Exp(-MathF.Max(0, y - look.RailTop) / 9f);
        if (look.RailBottom > 0)
            shade -= 0.35f * MathF.Exp(-MathF.Max(0, height - look.RailBottom - y) / 9f);
        return shade;
    }
}
