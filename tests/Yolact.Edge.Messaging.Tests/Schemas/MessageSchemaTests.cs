using System.Text.Json.Nodes;
using CsCheck;
using Yolact.Edge.Imaging;
using Yolact.Edge.Messaging.Commands;
using Yolact.Edge.Messaging.Commands.Requests;
using Yolact.Edge.Messaging.Payloads;
using Yolact.Edge.Messaging.Payloads.Detections;
using Yolact.Edge.Messaging.Schemas;
using Yolact.Edge.Messaging.Tests.Payloads;

namespace Yolact.Edge.Messaging.Tests.Schemas;

public sealed class MessageSchemaTests
{
    [Fact]
    public void Every_golden_message_keeps_its_schema()
    {
        using var check = new SchemaCheck();
        foreach (string command in CommandNames.All)
            check.Add($"command-request-{command}", new JsonObject { ["$ref"] = $"command-request.schema.json#/$defs/{command}" });
        foreach (IGrouping<string, string> group in GoldenMessageTests.Names.Select(n => n.Data).GroupBy(SchemaOf))
        {
            Assert.Equal("", check.Errors(group.Key, group.Select(name => File.ReadAllText(Golden(name)))));
        }
    }

    [Fact]
    public void Every_golden_file_has_a_test() =>
        Assert.Equal(
            GoldenMessageTests.Names.Select(n => n.Data).Order(),
            Directory.GetFiles(Path.Combine(AppContext.BaseDirectory, "messages")).Select(f => Path.GetFileNameWithoutExtension(f)).Order());

    [Theory]
    [InlineData("status", "state", "\"asleep\"")]
    [InlineData("status", "extra", "1")]
    [InlineData("event", "edge_id", "0")]
    [InlineData("health", "gpu_load", "45")]
    [InlineData("config-reported", "code", "404")]
    [InlineData("command-response-capture", "result", "null")]
    [InlineData("command-response-capture", "result", "{ \"edge_id\": 0 }")]
    [InlineData("command-response-capture", "code", "409")]
    [InlineData("command-response-refused", "code", "200")]
    [InlineData("command-response-diagnostics", "command", "\"capture\"")]
    [InlineData("detections-triggered", "id", "\"press 3/x/1\"")]
    [InlineData("detections-triggered", "truncated", "true")]
    public void A_broken_message_breaks_its_schema(string name, string member, string json)
    {
        using var check = new SchemaCheck();
        JsonNode message = JsonNode.Parse(File.ReadAllText(Golden(name)))!;
        message[member] = JsonNode.Parse(json);
        Assert.NotEqual("", check.Errors(SchemaOf(name), message.ToJsonString()));
    }

    [Fact]
    public void Random_detections_keep_the_schema()
    {
        using var check = new SchemaCheck();
        var written = new List<string>();
        Gen<Detection> detection = Gen.Select(Gen.Int[0, 3], Gen.Float[0, 1], Gen.Float[0, 2], Gen.Float[-10, 20], Gen.Bool, Gen.ULong, (id, score, iou, x, masked, bits) =>
            new Detection(id, score, masked ? iou : float.NaN, new Box(x, x / 2, x + 3, x + 1), id,
                masked ? new BinaryMask(16, 12, new PixelRect(2, 1, 1, 11), new[] { bits & 0x7FF }) : default));
        Gen.Select(detection.Array[0, 30], Gen.Enum<MaskEncoding>(), Gen.Enum<DetectionsProfile>(), Gen.Bool, Gen.Int[4096, 20_000]).Sample((objects, masks, profile, triggered, cap) =>
        {
            using PayloadBuffer buffer = new PayloadPool().Rent();
            var writer = new DetectionsWriter(new() { Masks = masks, Profile = profile, MaxBytes = cap });
            MessageStamp stamp = Samples.Stamp();
            writer.Write(triggered ? Samples.Triggered(stamp, objects, Samples.Results()) : Samples.FreeRunning(stamp, objects), buffer);
            lock (written)
                written.Add(Samples.Text(buffer));
        }, iter: 100);
        Assert.Equal("", check.Errors("detections", written));
    }

    [Theory]
    [InlineData("status", "state", typeof(DeviceState))]
    [InlineData("event", "event", typeof(DeviceEvent))]
    [InlineData("event", "severity", typeof(EventSeverity))]
    [InlineData("config-reported", "state", typeof(ConfigState))]
    public void A_schema_lists_the_members_of_the_enum(string schema, string property, Type type)
    {
        JsonNode node = JsonNode.Parse(MessageSchemas.Read(schema))!;
        Assert.Equal(
            Enum.GetNames(type).Select(System.Text.Json.JsonNamingPolicy.SnakeCaseLower.ConvertName),
            node["properties"]![property]!["enum"]!.AsArray().Select(v => (string)v!));
    }

    [Fact]
    public void The_commands_schemas_list_the_commands_and_their_codes()
    {
        JsonNode request = JsonNode.Parse(MessageSchemas.Read("command-request"))!, response = JsonNode.Parse(MessageSchemas.Read("command-response"))!;
        Assert.Equal(CommandNames.All, request["$defs"]!.AsObject().Select(definition => definition.Key).Except(["level"]));
        Assert.Equal(CommandNames.All, response["$defs"]!.AsObject().Select(definition => definition.Key).Except(["hash"]));
        Assert.Equal(CommandNames.All, response["then"]!["properties"]!["command"]!["enum"]!.AsArray().Select(name => (string)name!));
        Assert.Equal(CommandNames.All, response["then"]!["allOf"]!.AsArray().Select(one => (string)one!["if"]!["properties"]!["command"]!["const"]!));
        Assert.Equal(Enum.GetValues<CommandCode>().Select(code => (int)code), response["properties"]!["code"]!["enum"]!.AsArray().Select(code => (int)code!));
        Assert.Equal(
            Enum.GetNames<LogThreshold>().Select(System.Text.Json.JsonNamingPolicy.SnakeCaseLower.ConvertName),
            request["$defs"]!["level"]!["enum"]!.AsArray().Select(level => (string)level!));
    }

    private static string Golden(string name) => Path.Combine(AppContext.BaseDirectory, "messages", name + ".json");

    private static string SchemaOf(string golden) =>
        golden.StartsWith("command-request-", StringComparison.Ordinal) ? golden : MessageSchemas.Names.First(s => golden.StartsWith(s, StringComparison.Ordinal));
}
