using System.Numerics;
using SkiaSharp;

namespace Yolact.Edge.Simulation.Parts.Shapes;

/// <summary>An L-shaped plate with rounded ends and two or three countersunk holes.</summary>
internal static class BracketShape
{
    public static PartShape Create(float size, ref SeededRandom random)
    {
        // The longest dimension of an L is from tip to tip, so the legs are shorter than the size.
        float horizontal = size * random.Range(0.74, 0.80), vertical = size * random.Range(0.46, 0.62);
        float width = size * random.Range(0.20, 0.26), corner = width * random.Range(0.1, 0.45);
        float left = -horizontal / 2, top = -vertical / 2, right = horizontal / 2, bottom = vertical / 2;
        float hole = width * random.Range(0.17, 0.25), sink = hole * 1.45f;
        var ends = new List<Vector2>
        {
            new(right - (width * 0.5f), bottom - (width * 0.5f)),
            new(left + (width * 0.5f), top + (width * 0.5f)),
        };
        if (random.Chance(0.6))
            ends.Add(new(left + (width * 0.5f), bottom - (width * 0.5f)));
        bool countersunk = random.Chance(0.6);
        Material plate = Material.Plate(ref random);
        using SKPath across = Outline.Rect(left, bottom - width, right, bottom, corner);
        using SKPath up = Outline.Rect(left, top, left + width, bottom, corner);
        using SKPath whole = across.Op(up, SKPathOp.Union);
        SKPath Open() => Outline.Pierce(new SKPath(whole), [.. ends.Select(end => (end, hole))]);
        var solids = new List<Solid> { new(Open(), Surface.Bevel(2), plate) };
        foreach (Vector2 end in ends)
        {
            if (countersunk)
                solids.Add(new(Outline.Ring(end, sink, hole), Surface.Cone(end, -0.5f), plate.Shade(0.9f)));
        }
        return new(Open(), solids, size * 0.05f);
    }
}
