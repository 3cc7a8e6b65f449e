namespace Yolact.Edge.Vision.Preprocessing;

/// <summary>How a picture is turned before the network sees it.</summary>
public enum Rotation
{
    /// <summary>Not at all.</summary>
    None,

    /// <summary>A quarter turn clockwise.</summary>
    Clockwise90,

    /// <summary>A half turn.</summary>
    Clockwise180,

    /// <summary>Three quarters of a turn clockwise, that is one counterclockwise.</summary>
    Clockwise270,
}
