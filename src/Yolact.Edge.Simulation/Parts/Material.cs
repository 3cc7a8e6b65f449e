using System.Numerics;

namespace Yolact.Edge.Simulation.Parts;

/// <summary>The direction of a surface's fine marks.</summary>
internal enum Grain
{
    /// <summary>None: cast, blasted or moulded.</summary>
    None,

    /// <summary>Brushed or rolled along the part's x axis.</summary>
    Linear,

    /// <summary>Turned on a lathe around the solid's centre.</summary>
    Turned,
}

/// <summary>What a solid is made of.</summary>
/// <param name="Color">Reflectance, RGB, 0..1.</param>
/// <param name="Metal">0 (paint, plastic, rubber) to 1 (bare metal).</param>
/// <param name="Roughness">0 (mirror) to 1 (matt).</param>
/// <param name="Grain">Direction of fine marks.</param>
/// <param name="GrainStrength">How strongly the marks show, 0..1.</param>
/// <param name="Rust">Share of the surface that is rusted or stained, 0..1.</param>
/// <param name="Dirt">How dark grime lies in corners and patches, 0..1.</param>
internal readonly record struct Material(
    Vector3 Color, float Metal, float Roughness, Grain Grain, float GrainStrength, float Rust = 0, float Dirt = 0)
{
    private static readonly Vector3[] MetalColors =
    [
        new(0.74f, 0.75f, 0.77f), // bright steel
        new(0.62f, 0.63f, 0.65f), // plain steel
        new(0.72f, 0.75f, 0.80f), // blue zinc
        new(0.78f, 0.69f, 0.46f), // yellow chromate
        new(0.80f, 0.64f, 0.34f), // brass
        new(0.72f, 0.47f, 0.34f), // copper
        new(0.48f, 0.49f, 0.52f), // dark steel
    ];

    private static readonly Vector3[] PaintColors =
    [
        new(0.12f, 0.12f, 0.13f), new(0.20f, 0.21f, 0.23f), new(0.60f, 0.12f, 0.09f), new(0.10f, 0.22f, 0.50f),
        new(0.78f, 0.78f, 0.74f), new(0.80f, 0.55f, 0.08f), new(0.12f, 0.36f, 0.22f), new(0.45f, 0.47f, 0.48f),
    ];

    /// <summary>A bare or plated metal, more or less worn; steel and zinc more often than brass and copper.</summary>
    public static Material BareMetal(ref SeededRandom random, Grain grain)
    {
        int pick = random.Chance(0.7) ? random.Next(3) : random.Next(MetalColors.Length);
        Vector3 color = MetalColors[pick] * random.Range(0.88, 1.08);
        float rust = random.Chance(0.3) ? random.Range(0.05, 0.5) : 0;
        return new(color, 1, random.Range(0.15, 0.75), grain, random.Range(0.25, 0.9), rust, random.Range(0, 0.5));
    }

    /// <summary>Steel blackened in oil.</summary>
    public static Material BlackOxide(ref SeededRandom random, Grain grain) => new(
        new Vector3(0.22f, 0.22f, 0.235f) * random.Range(0.8, 1.3), 0.9f, random.Range(0.4, 0.8), grain, random.Range(0.1, 0.4),
        random.Chance(0.2) ? random.Range(0.05, 0.25) : 0, random.Range(0, 0.3));

    /// <summary>Paint, powder coat or plastic.</summary>
    public static Material Coated(ref SeededRandom random) => new(
        random.Pick<Vector3>(PaintColors) * random.Range(0.85, 1.15), 0.05f, random.Range(0.3, 0.8), Grain.None, 0,
        random.Chance(0.15) ? random.Range(0.03, 0.2) : 0, random.Range(0, 0.4));

    /// <summary>What small hardware is made of: mostly bare metal, sometimes black.</summary>
    public static Material Hardware(ref SeededRandom random, Grain grain) =>
        random.Chance(0.8) ? BareMetal(ref random, grain) : BlackOxide(ref random, grain);

    /// <summary>What plates are made of: metal or coated.</summary>
    public static Material Plate(ref SeededRandom random) =>
        random.Chance(0.65) ? Hardware(ref random, Grain.Linear) : Coated(ref random);

    /// <summary>Darker or brighter.</summary>
    public Material Shade(float factor) => this with { Color = Color * factor };
}
