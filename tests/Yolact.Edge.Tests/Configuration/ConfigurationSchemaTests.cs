using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Nodes;
using Yolact.Edge.Configuration;

namespace Yolact.Edge.Tests.Configuration;

/// <summary>The shipped schema is what the types say. To accept a change, set UPDATE_GOLDEN to the folder of appliance.schema.json.</summary>
public sealed class ConfigurationSchemaTests
{
    private static readonly JsonSerializerOptions Indented = new() { WriteIndented = true, Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    [Fact]
    public void The_shipped_schema_is_the_generated_one()
    {
        JsonObject generated = SchemaGenerator.Generate();
        if (Environment.GetEnvironmentVariable("UPDATE_GOLDEN") is { Length: > 0 } folder)
            File.WriteAllText(Path.Combine(folder, "appliance.schema.json"), generated.ToJsonString(Indented) + "\n");
        Assert.True(JsonNode.DeepEquals(JsonNode.Parse(ConfigurationSchema.Text), generated), "The types have changed; see this class's summary.");
    }

    [Fact]
    public void Every_setting_is_described()
    {
        List<string> bare = [];
        Walk(JsonNode.Parse(ConfigurationSchema.Text)!.AsObject(), "", (pointer, schema) =>
        {
            // A rectangle's members are its constructor's parameters, whose names say all.
            if (!schema.ContainsKey("description") && !pointer.Contains("region_of_interest", StringComparison.Ordinal))
                bare.Add(pointer);
        });
        Assert.Empty(bare);
    }

    [Fact]
    public void The_validators_keep_the_ranges_that_the_schema_states()
    {
        int ranges = 0;
        Walk(JsonNode.Parse(ConfigurationSchema.Text)!.AsObject(), "", (pointer, schema) =>
        {
            if (schema["minimum"] is not { } minimum || schema["maximum"] is not { } maximum)
                return;
            ranges++;
            double low = (double)minimum, high = (double)maximum, step = schema["type"]!.ToJsonString().Contains("integer", StringComparison.Ordinal) ? 1 : 1e-3;
            Assert.DoesNotContain(pointer, Errors(pointer, low));
            Assert.DoesNotContain(pointer, Errors(pointer, high));
            Assert.Contains(pointer, Errors(pointer, low - step));
            Assert.Contains(pointer, Errors(pointer, high * (1 + 1e-6) + step));
        });
        Assert.True(ranges > 40, $"only {ranges} ranges");
    }

    private static List<string> Errors(string pointer, double value)
    {
        JsonObject document = JsonNode.Parse("""
            {"rules":[{"name":"r","conditions":[{"labels":["a"]}],"output":{"line":"reject"}}],"mqtt":{"tls":{}},"gpio":{"driver":"expander","inputs":[{"name":"barrier","offset":0}],"outputs":[{"name":"reject","offset":1}],"expander":{}},"cameras":[{"controls":{}}]}
            """)!.AsObject();
        string[] steps = pointer[1..].Split('/');
        JsonNode at = document;
        foreach (string step in steps.SkipLast(1))
        {
            JsonNode? next = at is JsonArray list ? list[int.Parse(step, System.Globalization.CultureInfo.InvariantCulture)] : at[step];
            if (next is null)
                at[step] = next = new JsonObject();
            at = next;
        }
        at[steps[^1]] = value == Math.Truncate(value) ? JsonValue.Create((long)value) : JsonValue.Create(value);
        try
        {
            ConfigurationLoader.Parse(System.Text.Encoding.UTF8.GetBytes(document.ToJsonString()), "test");
            return [];
        }
        catch (InvalidConfigurationException e)
        {
            return [.. e.Errors.Select(error => error.Pointer)];
        }
    }

    private static void Walk(JsonObject schema, string pointer, Action<string, JsonObject> visit)
    {
        if (schema["properties"] is JsonObject properties)
        {
            foreach ((string name, JsonNode? property) in properties)
            {
                visit($"{pointer}/{name}", property!.AsObject());
                Walk(property.AsObject(), $"{pointer}/{name}", visit);
            }
        }
        if (schema["items"] is JsonObject { } items && items.ContainsKey("properties"))
            Walk(items, $"{pointer}/0", visit);
    }
}
