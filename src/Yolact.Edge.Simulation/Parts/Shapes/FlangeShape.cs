using System.Numerics;

namespace Yolact.Edge.Simulation.Parts.Shapes;

/// <summary>A square or diamond-cornered mounting flange: four screw holes, a raised round hub and a bore.</summary>
internal static class FlangeShape
{
    public static PartShape Create(float size, ref SeededRandom random)
    {
        // The longest dimension is the diagonal between rounded corners.
        float half = size * 0.37f, corner = half * random.Range(0.18, 0.5);
        float hole = half * random.Range(0.11, 0.16), inset = half - (half * random.Range(0.24, 0.29));
        float bore = half * random.Range(0.26, 0.40), hub = bore * random.Range(1.45, 1.65);
        Vector2 center = Vector2.Zero;
        Material plate = random.Chance(0.75) ? Material.Hardware(ref random, Grain.Turned) : Material.Coated(ref random);
        if (random.Chance(0.4))
            plate = plate with { Grain = Grain.None, Roughness = 0.8f };
        (Vector2, float)[] holes =
        [
            (center, bore), (new(inset, inset), hole), (new(-inset, inset), hole),
            (new(inset, -inset), hole), (new(-inset, -inset), hole),
        ];
        var solids = new List<Solid>
        {
            new(Outline.Pierce(Outline.Rect(-half, -half, half, half, corner), holes), Surface.Bevel(2), plate),
            new(Outline.Ring(center, hub + 3, bore), Surface.Cone(center, 0.7f), plate.Shade(0.8f)),
            new(Outline.Ring(center, hub, bore), Surface.Bevel(2),
                plate.Shade(1.06f) with { Grain = Grain.Turned, GrainStrength = 0.6f }),
            new(Outline.Ring(center, bore * 1.12f, bore), Surface.Cone(center, -0.6f), plate.Shade(0.8f)) { Exposure = 0.75f },
        };
        return new(Outline.Pierce(Outline.Rect(-half, -half, half, half, corner), holes), solids, size * 0.08f);
    }
}
