namespace Yolact.Edge.Simulation.Parts;

/// <summary>The classes of parts that the belt carries, in the order that data sets and models use.</summary>
public static class BeltParts
{
    /// <summary>Names by class id (0-based, without background): the class list of a model for this belt.</summary>
    public static IReadOnlyList<string> ClassNames { get; } =
        ["washer", "hex_nut", "bolt", "gear", "bracket", "spring", "bearing", "flange", "pin", "chain_link"];

    /// <summary>The name of a class.</summary>
    /// <param name="partClass">The class.</param>
    public static string NameOf(PartClass partClass) => ClassNames[(int)partClass];

    /// <summary>
    /// The range of a class's longest dimension in px of a 640 x 480 picture: slender parts are never so small that their mask
    /// is a thread to a network that sees 256 px.
    /// </summary>
    /// <param name="partClass">The class.</param>
    public static (float Smallest, float Largest) SizeRange(PartClass partClass) => partClass switch
    {
        PartClass.Washer => (60, 140),
        PartClass.HexNut => (60, 130),
        PartClass.Bolt => (100, 200),
        PartClass.Gear => (80, 200),
        PartClass.Bracket => (100, 200),
        PartClass.Spring => (90, 200),
        PartClass.Bearing => (75, 170),
        PartClass.Flange => (90, 180),
        PartClass.Pin => (90, 190),
        _ => (90, 180),
    };
}
