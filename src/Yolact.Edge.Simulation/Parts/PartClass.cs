namespace Yolact.Edge.Simulation.Parts;

/// <summary>What a part on the belt is; the values are 0-based class ids, in the order of
/// <see cref="BeltParts.ClassNames"/>.</summary>
public enum PartClass
{
    /// <summary>A flat ring.</summary>
    Washer,

    /// <summary>A hexagon with a threaded hole.</summary>
    HexNut,

    /// <summary>A hexagon-head or cap screw lying on its side.</summary>
    Bolt,

    /// <summary>A spur gear with a bore.</summary>
    Gear,

    /// <summary>An L-shaped plate with screw holes.</summary>
    Bracket,

    /// <summary>A coil spring lying on its side; its mask is its envelope.</summary>
    Spring,

    /// <summary>A ball bearing: two rings with balls or a seal between.</summary>
    Bearing,

    /// <summary>A square plate with rounded corners, four holes and a raised hub.</summary>
    Flange,

    /// <summary>A plain cylinder with chamfered ends.</summary>
    Pin,

    /// <summary>A chain's link plate: a waisted plate with two holes.</summary>
    ChainLink,
}
