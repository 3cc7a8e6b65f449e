using System.Numerics;

namespace Yolact.Edge.Simulation.Parts.Shapes;

/// <summary>A dowel pin: a ground cylinder with chamfered ends, some with a groove or a cross hole's dimple.</summary>
internal static class PinShape
{
    public static PartShape Create(float size, ref SeededRandom random)
    {
        float radius = size * random.Range(0.10, 0.14), left = -size / 2, right = size / 2,
            chamfer = radius * random.Range(0.25, 0.5);
        Material steel =
            Material.Hardware(ref random, Grain.Linear) with { GrainStrength = 0.1f, Roughness = random.Range(0.1, 0.5) };
        SkiaSharp.SKPath Body() => Outline.Polygon(
            new(left, -radius + chamfer), new(left + chamfer, -radius),
            new(right - chamfer, -radius), new(right, -radius + chamfer),
            new(right, radius - chamfer), new(right - chamfer, radius),
            new(left + chamfer, radius), new(left, radius - chamfer));
        var solids = new List<Solid>
        {
            new(Body(), Surface.Cylinder(Vector2.Zero, Vector2.UnitX, radius), steel.Shade(0.75f)),
            new(Outline.Rect(left + chamfer, -radius, right - chamfer, radius),
                Surface.Cylinder(Vector2.Zero, Vector2.UnitX, radius), steel),
        };
        if (random.Chance(0.35))
        {
            float at = right - chamfer - (size * 0.1f);
            solids.Add(new(Outline.Rect(at, -radius, at + Math.Max(3, size * 0.025f), radius),
                Surface.Cylinder(Vector2.Zero, Vector2.UnitX, radius), steel.Shade(0.4f)));
        }
        return new(Body(), solids, radius * 1.3f) { Scratches = 1.5f };
    }
}
