using System.Numerics;
using SkiaSharp;

namespace Yolact.Edge.Simulation.Parts.Shapes;

/// <summary>A spur gear with trapezoid teeth, a recessed web, a hub and a bore with or without a keyway; large ones have
/// lightening holes.</summary>
internal static class GearShape
{
    public static PartShape Create(float size, ref SeededRandom random)
    {
        float tip = size / 2, root = tip * random.Range(0.78, 0.84), rim = root * 0.86f;
        float bore = tip * random.Range(0.17, 0.26), hub = bore * random.Range(1.5, 1.8);
        int teeth = 12 + random.Next(15);
        Material metal = random.Chance(0.85)
            ? Material.Hardware(ref random, Grain.Turned)
            : Material.Coated(ref random);
        Vector2 center = Vector2.Zero;
        (Vector2, float)[] holes = LighteningHoles(size, hub, rim, ref random);
        bool keyway = random.Chance(0.5);

        SKPath Open(SKPath path, params ReadOnlySpan<(Vector2, float)> inside)
        {
            SKPath open = Outline.Pierce(path, [(center, bore), .. inside]);
            if (!keyway)
                return open;
            using SKPath slot = Outline.Rect(0, -bore * 0.3f, bore * 1.35f, bore * 0.3f);
            using (open)
                return open.Op(slot, SKPathOp.Difference);
        }

        var solids = new List<Solid>
        {
            new(Open(Teeth(teeth, tip, root), holes), Surface.Bevel(2), metal),
            new(Open(Outline.Circle(center, rim), holes), Surface.Cone(center, -0.25f), metal.Shade(0.72f)) { Exposure = 0.85f },
            new(Open(Outline.Circle(center, rim - 2), holes), Surface.Bevel(2, 0.3f), metal.Shade(0.86f)),
            new(Open(Outline.Circle(center, hub)), Surface.Bevel(2), metal.Shade(1.04f)),
        };
        return new(Open(Teeth(teeth, tip, root), holes), solids, size * 0.09f);
    }

    private static (Vector2, float)[] LighteningHoles(float size, float hub, float rim, ref SeededRandom random)
    {
        float radius = (rim - hub) * 0.33f;
        if (size < 120 || radius < 6 || random.Chance(0.45))
            return [];
        var holes = new (Vector2, float)[3 + random.Next(4)];
        for (int i = 0; i < holes.Length; i++)
        {
            (float sin, float cos) = MathF.SinCos(i * MathF.Tau / holes.Length);
            holes[i] = (new Vector2(cos, sin) * (rim + hub) / 2, radius);
        }
        return holes;
    }

    private static SKPath Teeth(int teeth, float tip, float root)
    {
        // Tooth thickness as shares of the pitch: half at the root, a quarter at the tip, as an involute roughly has.
        var points = new SKPoint[teeth * 4];
        float pitch = MathF.Tau / teeth;
        for (int i = 0; i < teeth; i++)
        {
            float middle = i * pitch;
            points[i * 4] = At(root, middle - (pitch * 0.30f));
            points[(i * 4) + 1] = At(tip, middle - (pitch * 0.15f));
            points[(i * 4) + 2] = At(tip, middle + (pitch * 0.15f));
            points[(i * 4) + 3] = At(root, middle + (pitch * 0.30f));
        }
        return Outline.Polygon(points);
    }

    private static SKPoint At(float radius, float angle)
    {
        (float sin, float cos) = MathF.SinCos(angle);
        return new(radius * cos, radius * sin);
    }
}
