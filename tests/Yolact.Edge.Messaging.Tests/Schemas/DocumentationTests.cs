using System.Text.Json.Nodes;
using System.Text.RegularExpressions;
using Yolact.Edge.Messaging.Commands;
using Yolact.Edge.Messaging.Payloads;
using Yolact.Edge.Messaging.Topics;

namespace Yolact.Edge.Messaging.Tests.Schemas;

/// <summary>docs/mqtt.md says what the code does.</summary>
public sealed partial class DocumentationTests
{
    private readonly string _page = File.ReadAllText(Path.Combine(AppContext.BaseDirectory, "mqtt.md"));

    [Fact]
    public void Its_examples_are_the_golden_messages()
    {
        MatchCollection examples = Example().Matches(_page);
        Assert.Equal(_page.Split("```json").Length - 1, examples.Count);
        Assert.True(examples.Count >= 8);
        foreach (Match example in examples)
        {
            JsonNode golden = JsonNode.Parse(File.ReadAllText(Path.Combine(AppContext.BaseDirectory, "messages", example.Groups[1].Value + ".json")))!;
            Assert.True(JsonNode.DeepEquals(golden, JsonNode.Parse(example.Groups[2].Value)), $"The example {example.Groups[1].Value} is not the golden message.");
        }
    }

    [Fact]
    public void It_names_every_topic_command_code_and_state()
    {
        var topics = new TopicTree("d");
        foreach (string topic in (string[])[topics.Status, topics.Health, topics.Events, topics.ConfigDesired, topics.ConfigReported])
            Assert.Contains($"`{topic["yolact/1/d/".Length..]}`", _page, StringComparison.Ordinal);
        foreach (string command in CommandNames.All)
            Assert.Contains($"| `{command}` |", _page, StringComparison.Ordinal);
        foreach (CommandCode code in Enum.GetValues<CommandCode>())
            Assert.Matches($@"(?m)^\| [0-9, ]*\b{(int)code}\b", _page);
        foreach (string state in Enum.GetNames<DeviceState>().Concat(Enum.GetNames<ConfigState>()))
            Assert.Contains($"`{System.Text.Json.JsonNamingPolicy.SnakeCaseLower.ConvertName(state)}`", _page, StringComparison.Ordinal);
    }

    [GeneratedRegex(@"<!-- (\S+) -->\r?\n```json\r?\n(.*?)```", RegexOptions.Singleline)]
    private static partial Regex Example();
}
