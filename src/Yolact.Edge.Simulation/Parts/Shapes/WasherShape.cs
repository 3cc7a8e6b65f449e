using System.Numerics;

namespace Yolact.Edge.Simulation.Parts.Shapes;

/// <summary>A flat ring, stamped or turned.</summary>
internal static class WasherShape
{
    public static PartShape Create(float size, ref SeededRandom random)
    {
        float outer = size / 2, inner = outer * random.Range(0.42, 0.62);
        Material metal = Material.Hardware(ref random, random.Chance(0.6) ? Grain.Turned : Grain.Linear);
        return new(Outline.Ring(Vector2.Zero, outer, inner),
            [new(Outline.Ring(Vector2.Zero, outer, inner), Surface.Bevel(random.Range(1, 2.4)), metal)], size * 0.05f);
    }
}
