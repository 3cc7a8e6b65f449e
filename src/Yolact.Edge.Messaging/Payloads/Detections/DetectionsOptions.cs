namespace Yolact.Edge.Messaging.Payloads.Detections;

/// <summary>What detections messages hold.</summary>
public sealed record DetectionsOptions
{
    /// <summary>The smallest size cap: room for the trace and a few boxes.</summary>
    public const int LeastBytes = 4096;

    /// <summary>The greatest size cap: what MQTT can carry (MQTT 5, section 2.1.4: 268,435,455 bytes) is never sensible here.</summary>
    public const int MostBytes = 16 << 20;

    /// <summary>How much a message says. Default <see cref="DetectionsProfile.Standard"/>.</summary>
    public DetectionsProfile Profile { get; init; } = DetectionsProfile.Standard;

    /// <summary>How masks are written. Default <see cref="MaskEncoding.CocoRle"/>; the minimal profile has none.</summary>
    public MaskEncoding Masks { get; init; } = MaskEncoding.CocoRle;

    /// <summary>
    /// The greatest payload in bytes, 4 KiB..16 MiB, default 256 KiB. A message that would be larger carries polygons, then no
    /// masks, then only its best objects, and says so in <c>truncated</c>.
    /// </summary>
    public int MaxBytes { get; init; } = 256 << 10;

    /// <summary>How far a polygon may stray from its mask's outline, in px, 0..50. Default 1.</summary>
    public float PolygonTolerance { get; init; } = 1;

    /// <summary>Checks every rule.</summary>
    /// <param name="pointer">JSON pointer of these options.</param>
    /// <param name="report">Receives the pointer of each wrong member and what would be right.</param>
    public void Validate(string pointer, Action<string, string> report)
    {
        ArgumentNullException.ThrowIfNull(report);
        if (MaxBytes is < LeastBytes or > MostBytes)
            report($"{pointer}/max_bytes", $"{LeastBytes}..{MostBytes}, not {MaxBytes}");
        if (PolygonTolerance is not (>= 0 and <= 50))
            report($"{pointer}/polygon_tolerance", $"0..50 px, not {PolygonTolerance}");
    }
}
