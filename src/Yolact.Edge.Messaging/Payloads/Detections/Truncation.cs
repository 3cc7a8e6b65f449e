namespace Yolact.Edge.Messaging.Payloads.Detections;

/// <summary>What a message's size cap made it leave out.</summary>
public enum Truncation
{
    /// <summary>Nothing.</summary>
    None,

    /// <summary>Masks are polygons, though run lengths were asked for.</summary>
    Polygons,

    /// <summary>There are no masks, though some were asked for.</summary>
    Boxes,

    /// <summary>There are no masks, and only the best objects.</summary>
    Objects,
}

/// <summary>The words for <see cref="Truncation"/> in a message.</summary>
internal static class TruncationNames
{
    public static ReadOnlySpan<byte> Of(Truncation truncation) => truncation switch
    {
        Truncation.Polygons => "polygons"u8,
        Truncation.Boxes => "boxes"u8,
        _ => "objects"u8,
    };
}
