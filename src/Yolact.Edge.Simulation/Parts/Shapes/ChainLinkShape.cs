using System.Numerics;
using SkiaSharp;

namespace Yolact.Edge.Simulation.Parts.Shapes;

/// <summary>A roller chain's link plate: two round ends, a waist and a hole in each end.</summary>
internal static class ChainLinkShape
{
    public static PartShape Create(float size, ref SeededRandom random)
    {
        float end = size * random.Range(0.20, 0.24), reach = (size / 2) - end, waist = end * random.Range(0.55, 0.75);
        float hole = end * random.Range(0.42, 0.55);
        Vector2 left = new(-reach, 0), right = new(reach, 0);
        Material plate = Material.Hardware(ref random, random.Chance(0.6) ? Grain.Linear : Grain.None);
        SKPath Open() => Outline.Pierce(Body(reach, end, waist), (left, hole), (right, hole));
        var solids = new List<Solid>
        {
            new(Open(), Surface.Bevel(2), plate),
            new(Outline.Ring(left, hole * 1.18f, hole), Surface.Cone(left, -0.5f), plate.Shade(0.85f)),
            new(Outline.Ring(right, hole * 1.18f, hole), Surface.Cone(right, -0.5f), plate.Shade(0.85f)),
        };
        return new(Open(), solids, size * 0.05f);
    }

    private static SKPath Body(float reach, float end, float waist)
    {
        using SKPath left = Outline.Circle(new(-reach, 0), end);
        using SKPath right = Outline.Circle(new(reach, 0), end);
        using SKPath neck = Outline.Build(b =>
        {
            b.MoveTo(-reach, -end);
            b.QuadTo(0, -((2 * waist) - end), reach, -end);
            b.LineTo(reach, end);
            b.QuadTo(0, (2 * waist) - end, -reach, end);
            b.Close();
        });
        using SKPath ends = left.Op(right, SKPathOp.Union);
        return ends.Op(neck, SKPathOp.Union);
    }
}
