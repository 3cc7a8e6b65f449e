using System.Numerics;
using SkiaSharp;

namespace Yolact.Edge.Simulation.Parts.Shapes;

/// <summary>
/// A compression spring on its side: slanted turns of round wire in front, the turns' far halves darker behind. The mask is the
/// envelope: what lies between the turns belongs to the spring.
/// </summary>
internal static class SpringShape
{
    public static PartShape Create(float size, ref SeededRandom random)
    {
        float radius = size * random.Range(0.15, 0.22), wire = Math.Clamp(size * random.Range(0.04, 0.06), 4.5f, 11);
        float pitch = wire * random.Range(1.35, 2.1), left = -size / 2, right = size / 2;
        int turns = Math.Max(4, (int)MathF.Round((size - wire) / pitch));
        pitch = (size - wire) / turns;
        Material metal = Material.Hardware(ref random, Grain.None) with { Roughness = random.Range(0.15, 0.5) };
        var solids = new List<Solid>
        {
            // What shows between the turns is mostly shade.
            new(Outline.Rect(left + wire, -radius + wire, right - wire, radius - wire, wire),
                Surface.Bevel(4, 0.2f), new(new Vector3(0.07f), 0.1f, 0.9f, Grain.None, 0)) { Opacity = 0.6f },
        };
        for (int i = 0; i < turns; i++)
        {
            float first = left + (wire / 2) + (i * pitch);
            solids.Add(Turn(first + pitch, first + (0.5f * pitch), radius, wire, metal.Shade(0.6f), 0.55f));
        }
        for (int i = 0; i <= turns; i++)
        {
            float bottom = left + (wire / 2) + (i * pitch), top = i == turns ? bottom : bottom + (pitch * 0.5f);
            solids.Add(Turn(bottom, Math.Min(top, right - (wire / 2)), radius, wire, metal, 1));
        }
        return new(Outline.Rect(left, -radius, right, radius, wire * 0.5f), solids, radius) { Scratches = 0 };
    }

    private static Solid Turn(float bottom, float top, float radius, float wire, Material metal, float exposure)
    {
        float reach = radius - (wire / 2);
        Vector2 from = new(bottom, reach), to = new(top, -reach);
        SKPath bar = Outline.Bar(from, to, wire);
        return new(bar, Surface.Cylinder((from + to) / 2, to - from, wire / 2), metal) { Exposure = exposure };
    }
}
