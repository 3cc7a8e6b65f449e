using System.Globalization;
using System.Text.Json.Nodes;

namespace Yolact.Edge.HardwareTests.Benches;

/// <summary>A message as a subscriber on the device got it.</summary>
/// <param name="ArrivalNs">Wall clock of the device at its arrival, in ns since 1970.</param>
/// <param name="Topic">Its topic below the device's root: status, events, camera/cam0/detections.</param>
/// <param name="Body">Its body.</param>
public sealed record Message(long ArrivalNs, string Topic, JsonNode Body)
{
    /// <summary>What mosquitto_sub is asked to print.</summary>
    public const string Format = "%U %t %p";

    private const int LongestText = 400;

    /// <summary>True for detections of a frame.</summary>
    public bool IsDetections => Topic.EndsWith("/detections", StringComparison.Ordinal);

    /// <summary>Number of the edge that it answers or reports; null where it is about none.</summary>
    public long? Edge => (long?)(IsDetections ? Body["trigger"]?["edge_id"] : Body["edge_id"]);

    /// <summary>True where it answers an edge, with detections or with the report that it gets none: each edge has exactly one of these.</summary>
    public bool AnswersEdge => IsDetections ? Edge is not null : IsEvent("overrun") || IsEvent("unanswered_edge");

    /// <summary>Its id, the same for every delivery.</summary>
    public string Id => (string)Body["id"]!;

    /// <summary>The run of the program that made it.</summary>
    public string Run => Id.Split('/')[^2];

    /// <summary>The boot in which it was made.</summary>
    public string Boot => (string)Body["time"]!["boot_id"]!;

    /// <summary>CLOCK_MONOTONIC of the device when it was made, in ns.</summary>
    public long MonotonicNs => (long)Body["time"]!["monotonic_ns"]!;

    /// <summary>The wall clock of the device when it was made.</summary>
    public DateTime Utc => DateTime.Parse((string)Body["time"]!["utc"]!, CultureInfo.InvariantCulture, DateTimeStyles.AdjustToUniversal);

    /// <summary>True where the device took its wall clock for right.</summary>
    public bool IsSynchronised => (bool)Body["time"]!["utc_synchronized"]!;

    /// <summary>True for an event of this name.</summary>
    public bool IsEvent(string name) => Topic == "events" && (string?)Body["event"] == name;

    /// <summary>True for this state.</summary>
    public bool IsStatus(string state) => Topic == "status" && (string?)Body["state"] == state;

    /// <inheritdoc/>
    public override string ToString() => $"{Topic} {Body.ToJsonString()}" is { Length: > LongestText } text ? text[..LongestText] + " ..." : $"{Topic} {Body.ToJsonString()}";

    internal static Message? Parse(string line)
    {
        string[] parts = line.Split(' ', 3);
        if (parts.Length < 3 || parts[2].Length == 0)
            return null; // a retained message that was deleted
        string[] levels = parts[1].Split('/', 4);
        return new((long)(decimal.Parse(parts[0], CultureInfo.InvariantCulture) * 1_000_000_000m), levels[3], JsonNode.Parse(parts[2])!);
    }
}
