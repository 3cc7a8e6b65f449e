using System.Text.RegularExpressions;
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
            new[] { topics.Status, topics.Detections("CAMERA"), topics.Evidence("CAMERA"), topics.Health, topics.Events, topics.ConfigReported }.Order(),
            Map(_document["channels"]).Values.Select(channel => ((string)Map(channel)["address"]).Replace("{device}", "DEVICE").Replace("{camera}", "CAMERA")).Order());
    }

    [Fact]
    public void Every_payload_is_a_shipped_schema_and_every_schema_is_a_payload()
    {
        // Pictures have no schema.
        IEnumerable<string> named = Map(Map(_document["components"])["messages"]).Values.Where(message => !Map(message).ContainsKey("contentType"))
            .Select(message => (string)Map(Map(message)["payload"])["$ref"])
            .Select(reference => SchemaFile().Match(reference).Groups[1].Value);
        Assert.Equal(MessageSchemas.Names.Except(["envelope"]).Order(), named.Order());
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

    [GeneratedRegex(@"^\./Schemas/(.+)\.schema\.json$")]
    private static partial Regex SchemaFile();
}
