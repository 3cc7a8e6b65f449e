using System.Text;
using System.Text.Json.Nodes;
using CsCheck;
using Yolact.Edge.Messaging.Commands;
using Yolact.Edge.Messaging.Tests.Schemas;

namespace Yolact.Edge.Messaging.Tests.Commands;

/// <summary>Which requests are right: tests/data/commands/requests.json says it, to the code and to the schema.</summary>
public sealed class CommandRequestTests
{
    private static readonly Dictionary<string, Action<byte[]>> Parsers = new()
    {
        [CommandNames.Capture] = body => DeviceCommand.Parse(body, CommandJson.Default.CaptureRequest),
        [CommandNames.Snapshot] = body => DeviceCommand.Parse(body, CommandJson.Default.SnapshotRequest),
        [CommandNames.ReloadModel] = body => DeviceCommand.Parse(body, CommandJson.Default.ReloadModelRequest),
        [CommandNames.RollbackConfig] = body => DeviceCommand.Parse(body, CommandJson.Default.RollbackConfigRequest),
        [CommandNames.Diagnostics] = body => DeviceCommand.Parse(body, CommandJson.Default.DiagnosticsRequest),
        [CommandNames.Restart] = body => DeviceCommand.Parse(body, CommandJson.Default.RestartRequest),
        [CommandNames.SetLogLevel] = body => DeviceCommand.Parse(body, CommandJson.Default.SetLogLevelRequest),
    };

    private static Case[] Cases => [.. JsonNode.Parse(File.ReadAllText(Path.Combine(AppContext.BaseDirectory, "commands", "requests.json")))!.AsArray()
        .Select(one => new Case((string)one!["command"]!, (string)one["body"]!, (int)one["code"]! == 200))];

    [Fact]
    public void The_code_takes_what_is_right_and_says_what_is_wrong()
    {
        foreach (Case one in Cases)
        {
            var error = Record.Exception(() => Parsers[one.Command](Encoding.UTF8.GetBytes(one.Body))) as CommandException;
            Assert.True((error is null) == one.IsRight, $"{one.Command} {one.Body}: {error?.Message}");
            Assert.True(error is null or { Code: CommandCode.BadRequest, Message.Length: > 10 });
        }
    }

    [Fact]
    public void The_schema_takes_the_same()
    {
        using var check = new SchemaCheck();
        var schemas = new JsonArray();
        var bodies = new JsonArray();
        foreach (Case one in Cases)
        {
            if (!TryParse(one.Body.Length == 0 ? "{}" : one.Body, out JsonNode? body))
                continue;
            var reference = new JsonObject { ["$ref"] = $"command-request.schema.json#/$defs/{one.Command}" };
            schemas.Add(one.IsRight ? reference : new JsonObject { ["not"] = reference });
            bodies.Add(body);
        }
        Assert.True(bodies.Count > 25);
        check.Add("cases", new JsonObject { ["prefixItems"] = schemas, ["items"] = false });
        Assert.Equal("", check.Errors("cases", bodies.ToJsonString()));
    }

    [Fact]
    public void Every_command_has_a_case() => Assert.Equal(CommandNames.All.Order(), Cases.Select(one => one.Command).Distinct().Order());

    [Fact]
    public void No_bytes_bring_the_parser_down() =>
        Gen.Byte.Array[0, 64].Sample(bytes => Parsers.Values.All(parse => Record.Exception(() => parse(bytes)) is null or CommandException), iter: 500);

    private static bool TryParse(string text, out JsonNode? node)
    {
        try
        {
            node = JsonNode.Parse(text);
            return true;
        }
        catch (System.Text.Json.JsonException)
        {
            node = null;
            return false;
        }
    }

    private sealed record Case(string Command, string Body, bool IsRight);
}
