using System.Text.Json;
using System.Text.Json.Nodes;
using System.Text.Json.Serialization.Metadata;
using Yolact.Edge.Messaging.Commands;
using Yolact.Edge.Messaging.Commands.Requests;
using Yolact.Edge.Messaging.Payloads;
using Yolact.Edge.Messaging.Payloads.Detections;

namespace Yolact.Edge.Messaging.Tests.Payloads;

/// <summary>The files in tests/data/messages are what the code writes. To accept a change, set UPDATE_GOLDEN to that folder's path.</summary>
public sealed class GoldenMessageTests
{
    public static TheoryData<string> Names => ["detections-triggered", "detections-full-polygon", "detections-free-running", "detections-minimal",
        "status", "event", "health", "config-reported", "command-request-snapshot", "command-request-set-log-level", "command-response-capture",
        "command-response-diagnostics", "command-response-refused"];

    [Theory, MemberData(nameof(Names))]
    public void The_code_writes_the_golden_message(string name)
    {
        using PayloadBuffer buffer = Write(name);
        JsonNode actual = JsonNode.Parse(buffer.WrittenSpan)!;
        if (Environment.GetEnvironmentVariable("UPDATE_GOLDEN") is { Length: > 0 } folder)
            File.WriteAllText(Path.Combine(folder, name + ".json"), actual.ToJsonString(Indented) + "\n");

        JsonNode golden = JsonNode.Parse(File.ReadAllText(Path.Combine(AppContext.BaseDirectory, "messages", name + ".json")))!;
        Assert.True(JsonNode.DeepEquals(golden, actual), $"{name} is now{Environment.NewLine}{actual.ToJsonString(Indented)}");
    }

    [Fact]
    public void The_records_read_what_they_wrote()
    {
        using var buffer = Write("health");
        HealthMessage read = JsonSerializer.Deserialize(buffer.WrittenSpan, PayloadJson.Default.HealthMessage)!;
        Assert.Equal(0.45, read.GpuLoad);
        Assert.Equal(80.5, read.StagesMs["inference"].Mean);
        Assert.Equal("press-3/0123456789ab/1", read.Id);
    }

    internal static PayloadBuffer Write(string name)
    {
        PayloadBuffer buffer = new PayloadPool().Rent();
        MessageStamp stamp = Samples.Stamp();
        switch (name)
        {
            case "detections-triggered":
                new DetectionsWriter(new()).Write(Samples.Triggered(stamp, Samples.Objects(), Samples.Results()), buffer);
                break;
            case "detections-full-polygon":
                new DetectionsWriter(new() { Profile = DetectionsProfile.Full, Masks = MaskEncoding.Polygon })
                    .Write(Samples.Triggered(stamp, Samples.Objects(1), Samples.Results()), buffer);
                break;
            case "detections-free-running":
                new DetectionsWriter(new() { Masks = MaskEncoding.None }).Write(Samples.FreeRunning(stamp, Samples.Objects(1)), buffer);
                break;
            case "detections-minimal":
                new DetectionsWriter(new() { Profile = DetectionsProfile.Minimal })
                    .Write(Samples.Triggered(stamp, Samples.Objects(), Samples.Results()), buffer);
                break;
            case "status":
                PayloadJson.Write(buffer, Samples.Status(stamp));
                break;
            case "event":
                PayloadJson.Write(buffer, Samples.Event(stamp));
                break;
            case "health":
                PayloadJson.Write(buffer, Samples.Health(stamp));
                break;
            case "command-request-snapshot":
                Json(buffer, new SnapshotRequest(Overlay: true, MaxWidth: 1280), CommandJson.Default.SnapshotRequest);
                break;
            case "command-request-set-log-level":
                Json(buffer, new SetLogLevelRequest(LogThreshold.Debug, "Yolact.Edge.Messaging"), CommandJson.Default.SetLogLevelRequest);
                break;
            case "command-response-capture":
                PayloadJson.Write(buffer, Samples.Captured(stamp));
                break;
            case "command-response-diagnostics":
                PayloadJson.Write(buffer, Samples.Diagnosed(stamp));
                break;
            case "command-response-refused":
                PayloadJson.Write(buffer, Samples.Refused(stamp));
                break;
            default:
                PayloadJson.Write(buffer, Samples.Reported(stamp));
                break;
        }
        return buffer;
    }

    private static void Json<T>(PayloadBuffer buffer, T payload, JsonTypeInfo<T> type)
    {
        Utf8JsonWriter json = buffer.BeginJson();
        JsonSerializer.Serialize(json, payload, type);
        json.Flush();
    }

    private static readonly JsonSerializerOptions Indented =
        new() { WriteIndented = true, Encoder = System.Text.Encodings.Web.JavaScriptEncoder.UnsafeRelaxedJsonEscaping };
}
