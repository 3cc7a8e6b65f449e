using SkiaSharp;
using Yolact.Edge.Simulation.Parts.Shapes;

namespace Yolact.Edge.Simulation.Parts;

/// <summary>
/// A part's geometry in its own axes (px, origin at its centre, unrotated): the outline whose pixels are its mask, with real
/// holes, and the solids that it is drawn from, lowest first.
/// </summary>
internal sealed record PartShape(SKPath Mask, IReadOnlyList<Solid> Solids, float Thickness) : IDisposable
{
    /// <summary>Scratches per 10,000 square px of the part.</summary>
    public float Scratches { get; init; } = 3;

    /// <summary>The shape of one part: class, longest dimension in px, and the seed of everything that differs between parts
    /// of a class.</summary>
    public static PartShape Create(PartClass partClass, float size, ulong seed)
    {
        var random = new SeededRandom(seed);
        return partClass switch
        {
            PartClass.Washer => WasherShape.Create(size, ref random),
            PartClass.HexNut => HexNutShape.Create(size, ref random),
            PartClass.Bolt => BoltShape.Create(size, ref random),
            PartClass.Gear => GearShape.Create(size, ref random),
            PartClass.Bracket => BracketShape.Create(size, ref random),
            PartClass.Spring => SpringShape.Create(size, ref random),
            PartClass.Bearing => BearingShape.Create(size, ref random),
            PartClass.Flange => FlangeShape.Create(size, ref random),
            PartClass.Pin => PinShape.Create(size, ref random),
            PartClass.ChainLink => ChainLinkShape.Create(size, ref random),
            _ => throw new ArgumentOutOfRangeException(nameof(partClass), partClass, "Not a class of parts."),
        };
    }

    public void Dispose()
    {
        Mask.Dispose();
        foreach (Solid solid in Solids)
            solid.Dispose();
    }
}
