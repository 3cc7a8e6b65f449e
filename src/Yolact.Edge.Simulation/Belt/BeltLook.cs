using System.Numerics;

namespace Yolact.Edge.Simulation.Belt;

/// <summary>The belt's surface.</summary>
internal enum BeltPattern
{
    /// <summary>Smooth rubber or PVC.</summary>
    Smooth,

    /// <summary>A woven fabric's fine diagonal pattern.</summary>
    Weave,

    /// <summary>Raised diamonds (rough top).</summary>
    Diamond,

    /// <summary>Hinged plastic links with gaps between.</summary>
    Links,

    /// <summary>Fine ribs along the belt.</summary>
    Ribs,
}

/// <summary>How a belt, its light and its camera look: everything of a world that is no part; drawn from a seed.</summary>
internal sealed record BeltLook
{
    public BeltPattern Pattern { get; init; } = BeltPattern.Weave;

    /// <summary>The belt's colour, RGB, 0..1.</summary>
    public Vector3 Color { get; init; } = new(0.20f, 0.31f, 0.27f);

    /// <summary>Period of the pattern in px.</summary>
    public float Pitch { get; init; } = 7;

    /// <summary>How strongly the pattern shows, 0..1.</summary>
    public float Relief { get; init; } = 0.5f;

    /// <summary>Stains, streaks and scuffs, 0 (new) to 1 (worn out).</summary>
    public float Wear { get; init; } = 0.4f;

    /// <summary>Seed of the noise.</summary>
    public ulong Seed { get; init; } = 1;

    /// <summary>Where the lamp stands: azimuth in radians in picture axes.</summary>
    public float LampAzimuth { get; init; } = -2.2f;

    /// <summary>How high the lamp stands, radians.</summary>
    public float LampElevation { get; init; } = 0.95f;

    /// <summary>0 (diffuse) to 1 (hard lamp).</summary>
    public float Contrast { get; init; } = 0.5f;

    /// <summary>0 (sharp) to 1 (blurred).</summary>
    public float ShadowSoftness { get; init; } = 0.5f;

    /// <summary>Overall exposure, 1 is normal.</summary>
    public float Gain { get; init; } = 1.05f;

    /// <summary>The light's colour, RGB around 1.</summary>
    public Vector3 Tint { get; init; } = new(1.02f, 1, 0.96f);

    /// <summary>Loss of light towards the corners, 0..0.6.</summary>
    public float Vignette { get; init; } = 0.28f;

    /// <summary>Slope of the light across the picture, per picture width and height, -0.4..0.4.</summary>
    public Vector2 Gradient { get; init; } = new(-0.12f, -0.1f);

    /// <summary>Strength of the lamp's mirror image on the belt, 0..0.3.</summary>
    public float Glare { get; init; } = 0.08f;

    /// <summary>Centre of the glare as a share of width and height.</summary>
    public Vector2 GlareAt { get; init; } = new(0.3f, 0.2f);

    /// <summary>Width of the rails at the top and bottom, px; 0 for none.</summary>
    public float RailTop { get; init; } = 26;

    /// <inheritdoc cref="RailTop"/>
    public float RailBottom { get; init; } = 22;

    /// <summary>Sensor noise: standard deviation in levels of 255 at mid-grey.</summary>
    public float Noise { get; init; } = 2.2f;

    /// <summary>Blur of the lens: share of light that a px gives to each of the px above and below, 0..0.3.</summary>
    public float Defocus { get; init; } = 0.1f;

    private static readonly Vector3[] Colors =
    [
        new(0.11f, 0.11f, 0.115f), new(0.17f, 0.17f, 0.175f), new(0.26f, 0.26f, 0.265f), new(0.10f, 0.32f, 0.22f),
        new(0.18f, 0.36f, 0.28f), new(0.13f, 0.24f, 0.44f), new(0.20f, 0.33f, 0.52f), new(0.78f, 0.77f, 0.73f),
        new(0.62f, 0.62f, 0.60f), new(0.45f, 0.41f, 0.36f), new(0.36f, 0.37f, 0.38f), new(0.55f, 0.52f, 0.44f),
    ];

    /// <summary>A look from a wide range of belts, lamps and cameras.</summary>
    public static BeltLook FromSeed(ulong seed)
    {
        var random = new SeededRandom(seed);
        var pattern = (BeltPattern)random.Next(5);
        bool rails = random.Chance(0.5);
        float warmth = random.Range(-0.08, 0.08), green = random.Range(-0.025, 0.025);
        return new BeltLook
        {
            Pattern = pattern,
            Color = (random.Pick<Vector3>(Colors) * random.Range(0.75, 1.2)) + new Vector3(random.Range(0, 0.03)),
            Pitch = pattern switch
            {
                BeltPattern.Diamond => random.Range(9, 26),
                BeltPattern.Links => random.Range(44, 96),
                _ => random.Range(4, 10),
            },
            Relief = random.Range(0.15, 0.9),
            Wear = random.Range(0, 1),
            Seed = random.NextUInt64(),
            LampAzimuth = random.Range(0, MathF.Tau),
            LampElevation = random.Range(0.6, 1.35),
            Contrast = random.Range(0.1, 1),
            ShadowSoftness = random.Range(0, 1),
            Gain = random.Range(0.72, 1.3),
            Tint = new(1 + warmth, 1 + green, 1 - warmth),
            Vignette = random.Range(0, 0.5),
            Gradient = new(random.Range(-0.3, 0.3), random.Range(-0.3, 0.3)),
            Glare = random.Chance(0.6) ? random.Range(0, 0.22) : 0,
            GlareAt = new(random.Range(0, 1), random.Range(0, 1)),
            RailTop = rails && random.Chance(0.75) ? random.Range(8, 46) : 0,
            RailBottom = rails && random.Chance(0.75) ? random.Range(8, 46) : 0,
            Noise = random.Range(0.6, 6),
            Defocus = random.Range(0, 0.28),
        };
    }
}
