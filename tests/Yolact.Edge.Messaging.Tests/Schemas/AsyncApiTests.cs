using System.Text.RegularExpressions;
using Yolact.Edge.Messaging.Commands;
using Yolact.Edge.Messaging.Schemas;
using Yolact.Edge.Messaging.Topics;
using YamlDotNet.Core;
using YamlDotNet.Serialization;

namespace Yolact.Edge.Messaging.Tests.Schemas;

/// <summary>The AsyncAPI document says what the code does.</summary>
public sealed partial class AsyncApiTests
{
    private readonly Dictionary<object, object> _document = new DeserializerBuilder().Build()
        .Deserialize<Dictionary<object, object>>(new MergingParser(new Parser(File.OpenText(Path.Combine(AppContext.BaseDirectory, "asyncapi.yaml")))));

    [Fact]
    public void Its_addresses_are_the_codes_topics()
    {
        var topics = new TopicTree("DEVICE");
        Assert.Equal(
            TopicsOf(topics).Order(),
            Map(_document["channels"]).Values.Select(channel => (string?)Map(channel)["address"]).OfType<string>()
                .Select(address => address.Replace("{device}", "DEVICE").Replace("{camera}", "CAMERA").Replace("{command}", "COMMAND")).Order());
    }

    [Fact]
    public void Every_payload_is_a_shipped_schema_and_every_schema_is_a_payload()
    {
        List<string> references = [];
        foreach (object message in Map(Map(_document["components"])["messages"]).Values)
        {
            if (Map(message).TryGetValue("payload", out object? payload))
                Collect(payload, references);
        }
        IEnumerable<string> named = references.Select(reference => SchemaFile().Match(reference)).Where(match => match.Success).Select(match => match.Groups[1].Value);
        Assert.Equal(MessageSchemas.Names.Except(["envelope"]).Order(), named.Distinct().Order());
    }

    [Fact]
    public void Its_commands_are_the_codes()
    {
        Dictionary<object, object> channel = Map(Map(_document["channels"])["command"]);
        Assert.Equal(CommandNames.All, ((List<object>)Map(Map(channel["parameters"])["command"])["enum"]).Cast<string>());
        Assert.Equal(CommandNames.All, Map(channel["messages"]).Keys.Cast<string>());
        Assert.Equal(
            CommandNames.All.Select(name => $"./Schemas/command-request.schema.json#/$defs/{name}"),
            CommandNames.All.Select(name => (string)Map(Map(Map(Map(_document["components"])["messages"])[name])["payload"])["$ref"]));
    }

    [Fact]
    public void What_is_retained_and_promised_is_what_the_code_does()
    {
        Dictionary<string, (int Quality, bool Retained)> said = Map(_document["operations"]).ToDictionary(
            operation => (string)operation.Key,
            operation => (int.Parse((string)Binding(operation.Value)["qos"]), bool.Parse((string)Binding(operation.Value)["retain"])));
        Assert.Equal((1, true), said["sendStatus"]);
        Assert.Equal((1, true), said["sendConfigReported"]);
        Assert.Equal((1, true), said["receiveConfigDesired"]);
        Assert.Equal((1, false), said["sendTriggeredDetections"]);
        Assert.Equal((0, false), said["sendFreeRunningDetections"]);
        Assert.Equal((0, false), said["sendHealth"]);
        Assert.Equal((1, false), said["sendEvents"]);
        Assert.Equal((1, false), said["receiveCommand"]);
        Assert.Equal($"{new MqttOptions().LiveExpiryS}", Binding(Map(_document["operations"])["sendHealth"])["messageExpiryInterval"]);
    }

    [Fact]
    public void Every_reference_leads_somewhere()
    {
        List<string> references = [];
        Collect(_document, references);
        Assert.NotEmpty(references);
        foreach (string reference in references.Where(r => r.StartsWith("#/", StringComparison.Ordinal)))
        {
            object node = _document;
            foreach (string step in reference[2..].Split('/'))
                node = Assert.Contains(step, (IDictionary<object, object>)node);
        }
    }

    // Every property of the tree, and its cameras' and commands' topics: a new one has to be described.
    private static IEnumerable<string> TopicsOf(TopicTree topics) =>
        typeof(TopicTree).GetProperties().Where(property => property.Name is not (nameof(TopicTree.Device) or nameof(TopicTree.Root)))
            .Select(property => (string)property.GetValue(topics)!)
            .Concat(typeof(TopicTree).GetMethods().Where(method => method.DeclaringType == typeof(TopicTree) && !method.IsSpecialName)
                .Select(method => (string)method.Invoke(topics, [method.Name == nameof(TopicTree.Command) ? "COMMAND" : "CAMERA"])!));

    private static Dictionary<object, object> Binding(object operation) => Map(Map(Map(operation)["bindings"])["mqtt"]);

    private static void Collect(object node, List<string> references)
    {
        if (node is IDictionary<object, object> map)
        {
            foreach ((object key, object value) in map)
            {
                if (key is "$ref")
                    references.Add((string)value);
                Collect(value, references);
            }
        }
        else if (node is IList<object> list)
        {
            foreach (object item in list)
                Collect(item, references);
        }
    }

    private static Dictionary<object, object> Map(object node) => Assert.IsType<Dictionary<object, object>>(node);

    [GeneratedRegex(@"^\./Schemas/(.+)\.schema\.json(#.*)?$")]
    private static partial Regex SchemaFile();
}
