using System.Numerics;

namespace Yolact.Edge.Simulation.Parts.Shapes;

/// <summary>A deep-groove ball bearing: bright rings, and between them balls in a cage, a rubber seal or a metal
/// shield.</summary>
internal static class BearingShape
{
    private static readonly Vector3[] SealColors =
        [new(0.08f, 0.08f, 0.09f), new(0.45f, 0.12f, 0.06f), new(0.07f, 0.14f, 0.34f), new(0.10f, 0.10f, 0.10f)];

    public static PartShape Create(float size, ref SeededRandom random)
    {
        float outer = size / 2, race = outer * random.Range(0.78, 0.82);
        float bore = outer * random.Range(0.34, 0.42), inner = bore * random.Range(1.32, 1.42);
        Vector2 center = Vector2.Zero;
        Material steel = Material.BareMetal(ref random, Grain.Turned) with
        {
            Color = new Vector3(0.72f, 0.73f, 0.75f) * random.Range(0.85, 1.1),
            Roughness = random.Range(0.1, 0.4),
        };
        var groove = new Material(new Vector3(0.10f, 0.095f, 0.09f), 0.4f, 0.6f, Grain.None, 0);
        var solids = new List<Solid>
        {
            new(Outline.Ring(center, race + 1, inner - 1), Surface.Bevel(4, 0.1f), groove) { Exposure = 0.7f },
        };
        switch (random.Next(5))
        {
            case 0 or 1:
                AddBalls(solids, race, inner, steel, ref random);
                break;
            case 2 or 3:
                var rubber =
                    new Material(random.Pick<Vector3>(SealColors), 0.05f, random.Range(0.5, 0.8), Grain.None, 0, 0, 0.2f);
                Surface bulge = Surface.Torus(center, (race + inner) / 2, (race - inner) * 0.9f);
                solids.Add(new(Outline.Ring(center, race - 1, inner + 1), bulge, rubber));
                break;
            default:
                solids.Add(new(Outline.Ring(center, race - 1.5f, inner + 2.5f), Surface.Cone(center, 0.18f), steel.Shade(0.8f)));
                break;
        }
        solids.Add(new(Outline.Ring(center, outer, race), Surface.Bevel(2), steel));
        solids.Add(new(Outline.Ring(center, inner, bore), Surface.Bevel(2), steel));
        return new(Outline.Ring(center, outer, bore), solids, size * 0.12f);
    }

    private static void AddBalls(List<Solid> solids, float race, float inner, Material steel, ref SeededRandom random)
    {
        float track = (race + inner) / 2, radius = (race - inner) * 0.46f;
        bool brassCage = random.Chance(0.4);
        var cage =
            new Material(brassCage ? new(0.62f, 0.48f, 0.22f) : new(0.40f, 0.41f, 0.43f), 0.9f, 0.5f, Grain.None, 0, 0, 0.3f);
        solids.Add(
            new(Outline.Ring(Vector2.Zero, track + (radius * 0.45f), track - (radius * 0.45f)), Surface.Bevel(3, 0.4f), cage));
        int balls = Math.Clamp((int)(MathF.Tau * track / (radius * 2.9f)), 6, 14);
        Material bright = steel with { Roughness = 0.05f, Grain = Grain.None, Rust = 0 };
        for (int i = 0; i < balls; i++)
        {
            (float sin, float cos) = MathF.SinCos(i * MathF.Tau / balls);
            Vector2 center = new Vector2(cos, sin) * track;
            solids.Add(new(Outline.Circle(center, radius), Surface.Sphere(center, radius), bright));
        }
    }
}
