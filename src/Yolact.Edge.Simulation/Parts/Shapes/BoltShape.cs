using System.Numerics;
using SkiaSharp;

namespace Yolact.Edge.Simulation.Parts.Shapes;

/// <summary>A bolt on its side: a hexagon or cylinder head, a plain neck and a threaded shank.</summary>
internal static class BoltShape
{
    public static PartShape Create(float size, ref SeededRandom random)
    {
        float shank = size * random.Range(0.095, 0.125), head = shank * random.Range(1.65, 1.95);
        float headLength = shank * random.Range(1.1, 1.5), left = -size / 2, right = size / 2;
        float neck = left + headLength + ((size - headLength) * random.Range(0, 0.45)), chamfer = shank * 0.45f;
        bool hexagon = random.Chance(0.65);
        Material metal = Material.Hardware(ref random, Grain.Linear) with { GrainStrength = 0.15f };
        Vector2 axis = Vector2.UnitX;
        using SKPath headOutline = Outline.Rect(left, -head, left + headLength, head, headLength * 0.14f);
        using SKPath shankOutline = Outline.Polygon(
            new(left + (headLength * 0.5f), -shank), new(right - chamfer, -shank), new(right, -shank + chamfer),
            new(right, shank - chamfer), new(right - chamfer, shank), new(left + (headLength * 0.5f), shank));
        var solids = new List<Solid>
        {
            new(new SKPath(shankOutline), Surface.Cylinder(Vector2.Zero, axis, shank), metal),
            new(Outline.Polygon(
                new(neck, -shank), new(right - chamfer, -shank), new(right, -shank + chamfer), new(right, shank - chamfer),
                new(right - chamfer, shank), new(neck, shank)),
                Surface.Cylinder(Vector2.Zero, axis, shank, pitch: Math.Max(3.2f, shank * random.Range(0.36, 0.5))),
                metal.Shade(0.92f)),
        };
        if (hexagon)
            AddHexagonHead(solids, headOutline, left, headLength, head, metal);
        else
            solids.Add(new(new SKPath(headOutline), Surface.Cylinder(Vector2.Zero, axis, head), metal));
        return new(headOutline.Op(shankOutline, SKPathOp.Union), solids, head * 1.2f) { Scratches = 1.5f };
    }

    // Seen from the side a hexagon shows one facet in full width and two that slope away.
    private static void AddHexagonHead(
        List<Solid> solids, SKPath outline, float left, float length, float head, Material metal)
    {
        (float From, float To, float Slope)[] facets = [(-1, -0.5f, -0.62f), (-0.5f, 0.5f, 0), (0.5f, 1, 0.62f)];
        foreach ((float from, float to, float slope) in facets)
        {
            // A facet is a strip of a far larger cylinder: nearly one normal across its width.
            float middle = head * (from + to) / 2, radius = head * 6;
            var center = new Vector2(0, middle - (slope * radius));
            // The head's own corners are rounder than the edges between facets.
            using SKPath facet = Outline.Rect(left, head * from, left + length, head * to, length * 0.1f);
            solids.Add(new(facet.Op(outline, SKPathOp.Intersect),
                Surface.Cylinder(center, Vector2.UnitX, radius), metal.Shade(slope == 0 ? 1 : 0.94f)));
        }
    }
}
