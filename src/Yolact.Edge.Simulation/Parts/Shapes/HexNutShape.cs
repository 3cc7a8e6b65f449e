using System.Numerics;

namespace Yolact.Edge.Simulation.Parts.Shapes;

/// <summary>A hexagon nut: chamfered corners, a countersink and the thread's first turns in the hole.</summary>
internal static class HexNutShape
{
    public static PartShape Create(float size, ref SeededRandom random)
    {
        float corner = size / 2, flat = corner * 0.866f;
        float hole = corner * random.Range(0.40, 0.52), thread = hole * 1.16f, sink = hole * 1.30f;
        Material metal = Material.Hardware(ref random, random.Chance(0.5) ? Grain.Turned : Grain.None);
        Vector2 center = Vector2.Zero;
        var solids = new List<Solid>
        {
            new(Outline.Pierce(Outline.Regular(6, corner), (center, hole)), Surface.Cone(center, 0.55f), metal.Shade(0.9f)),
            new(Outline.Ring(center, flat * 0.985f, hole), Surface.Bevel(2, 0.4f), metal),
            new(Outline.Ring(center, sink, hole), Surface.Cone(center, -0.6f), metal.Shade(0.85f)),
            new(Outline.Ring(center, thread, hole), Surface.Torus(center, (thread + hole) / 2, (thread - hole) / 2),
                metal.Shade(0.7f))
            {
                Exposure = 0.6f,
            },
        };
        return new(Outline.Pierce(Outline.Regular(6, corner), (center, hole)), solids, size * 0.22f);
    }
}
