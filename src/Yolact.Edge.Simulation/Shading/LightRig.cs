using System.Numerics;

namespace Yolact.Edge.Simulation.Shading;

/// <summary>
/// The light above the belt as tables over the surface normal (the "matcap" or lit-sphere technique, Sloan et al. 2001): what a
/// mirror, a rough metal and a matt surface send to a camera that looks straight down.
/// </summary>
internal sealed class LightRig
{
    private const int Side = 64;
    private const float Scale = (Side - 2) / 2f;

    private readonly float[] _mirror = new float[Side * Side];
    private readonly float[] _rough = new float[Side * Side];
    private readonly float[] _matt = new float[Side * Side];

    /// <param name="azimuth">Where the main lamp stands, radians in picture axes.</param>
    /// <param name="elevation">How high it stands, radians above the belt.</param>
    /// <param name="contrast">0 (a tent of diffuse light) to 1 (a hard lamp).</param>
    /// <param name="tubeAngle">Direction of the tube light overhead, radians.</param>
    public LightRig(float azimuth, float elevation, float contrast, float tubeAngle)
    {
        (float sa, float ca) = MathF.SinCos(azimuth);
        (float se, float ce) = MathF.SinCos(elevation);
        ToLamp = new(ca * ce, sa * ce, se);
        Half = Vector3.Normalize(ToLamp + Vector3.UnitZ);
        Contrast = contrast;
        (float st, float ct) = MathF.SinCos(tubeAngle);
        for (int y = 0; y < Side; y++)
        {
            for (int x = 0; x < Side; x++)
                Fill((y * Side) + x, (x / Scale) - 1, (y / Scale) - 1, new(ct, st));
        }
    }

    /// <summary>Unit vector to the main lamp; x and y as in the picture, z to the camera.</summary>
    public Vector3 ToLamp { get; }

    /// <summary>Unit vector halfway between lamp and camera.</summary>
    public Vector3 Half { get; }

    /// <summary>0 (diffuse) to 1 (hard).</summary>
    public float Contrast { get; }

    /// <summary>What a metal of the given roughness reflects for a normal with the horizontal part (nx, ny), about
    /// 0.1..2.</summary>
    public float Metal(float nx, float ny, float roughness)
    {
        (int at, float fx, float fy) = Locate(nx, ny);
        float mirror = Bilinear(_mirror, at, fx, fy), rough = Bilinear(_rough, at, fx, fy);
        return mirror + (roughness * (rough - mirror));
    }

    /// <summary>What a matt surface reflects, about 0.3..1.2.</summary>
    public float Matt(float nx, float ny)
    {
        (int at, float fx, float fy) = Locate(nx, ny);
        return Bilinear(_matt, at, fx, fy);
    }

    private void Fill(int at, float nx, float ny, Vector2 tube)
    {
        float flat = MathF.Min(0.985f, MathF.Sqrt((nx * nx) + (ny * ny)));
        float shrink = flat / MathF.Max(1e-6f, MathF.Sqrt((nx * nx) + (ny * ny)));
        var normal = new Vector3(nx * shrink, ny * shrink, MathF.Sqrt(1 - (flat * flat)));
        var reflected = new Vector3(2 * normal.Z * normal.X, 2 * normal.Z * normal.Y, (2 * normal.Z * normal.Z) - 1);
        float lamp = Vector3.Dot(reflected, ToLamp);
        float key = Step(0.80f, 0.97f, lamp) * (0.5f + (0.9f * Contrast));
        float fill = Step(0.70f, 0.95f, Vector3.Dot(reflected, new(-ToLamp.X, -ToLamp.Y, ToLamp.Z))) * 0.25f;
        float across = MathF.Abs((reflected.X * -tube.Y) + (reflected.Y * tube.X));
        float strip = reflected.Z > 0.2f ? (1 - Step(0.05f, 0.2f, across)) * 0.4f : 0;
        float ceiling = 0.50f + (0.30f * MathF.Max(0, reflected.Z));
        float horizon = 0.35f + (0.65f * Step(-0.1f, 0.35f, reflected.Z));
        _mirror[at] = ((ceiling + strip + fill) * horizon) + key;
        float facing = MathF.Max(0, Vector3.Dot(normal, ToLamp));
        float broad = MathF.Max(0, lamp);
        _rough[at] = (0.42f + (0.2f * MathF.Max(0, reflected.Z)) + (0.2f * facing) + (0.5f * Contrast * broad * broad))
            * (0.55f + (0.45f * horizon));
        _matt[at] = (0.45f * (0.4f + (0.6f * normal.Z))) + (facing * (0.45f + (0.35f * Contrast)));
    }

    private static (int At, float X, float Y) Locate(float nx, float ny)
    {
        float x = (nx + 1) * Scale, y = (ny + 1) * Scale;
        int column = (int)x, row = (int)y;
        return ((row * Side) + column, x - column, y - row);
    }

    private static float Bilinear(float[] table, int at, float fx, float fy)
    {
        float top = table[at] + (fx * (table[at + 1] - table[at]));
        float bottom = table[at + Side] + (fx * (table[at + Side + 1] - table[at + Side]));
        return top + (fy * (bottom - top));
    }

    private static float Step(float from, float to, float value)
    {
        float t = Math.Clamp((value - from) / (to - from), 0, 1);
        return t * t * (3 - (2 * t));
    }
}
