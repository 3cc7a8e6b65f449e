using System.Collections;
using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using CsCheck;
using Yolact.Edge.Capture.Cameras;
using Yolact.Edge.Capture.Triggers;
using Yolact.Edge.Configuration;
using Yolact.Edge.Messaging;

namespace Yolact.Edge.Tests.Configuration;

public sealed class ConfigurationLoaderTests
{
    private static readonly Hashtable NoEnvironment = [];

    [Fact]
    public void Without_a_file_the_defaults_run()
    {
        ApplianceOptions options = ConfigurationLoader.Load(environment: NoEnvironment).Options;
        // Lists compare by reference, so that JSON has to do it.
        Assert.Equal(Write(new ApplianceOptions()), Write(options));
    }

    [Fact]
    public void What_a_document_leaves_out_keeps_its_default_at_every_depth()
    {
        ApplianceOptions options = Parse("""
            // a comment
            { "mqtt": { "keep_alive_s": 3, "tls": { "server_name": "x.y" }, "host": "plant" },
              "cameras": [ { "name": "left", "trigger": { "mode": "edge", "line": "barrier" } } ],
              "rules": [ { "name": "r", "conditions": [ { "labels": [ "nut" ] } ], "output": { "line": "reject" } } ], }
            """);
        Assert.Equal(3, options.Mqtt.KeepAliveS);
        Assert.Equal(new MqttOptions().TimeoutS, options.Mqtt.TimeoutS);
        Assert.Equal("x.y", options.Mqtt.Tls!.ServerName);
        Assert.Equal(TriggerMode.Edge, options.Cameras[0].Trigger.Mode);
        Assert.Equal(new TriggerOptions().DeadlineMs, options.Cameras[0].Trigger.DeadlineMs);
        Assert.Equal(new RecoveryOptions(), options.Cameras[0].Recovery);
        Assert.Equal(1, options.Rules[0].Conditions[0].MinCount);
        Assert.Equal(50, options.Rules[0].Output!.PulseMs);
    }

    [Fact]
    public void Every_error_is_reported_at_once_with_its_pointer()
    {
        InvalidConfigurationException error = Assert.Throws<InvalidConfigurationException>(() => Parse("""
            {
              "devise": "x",
              "device": "a/b",
              "cameras": [ { "name": "A b", "fps": 0, "kind": "kinect", "trigger": { "mode": "edge", "line": "nobody" } }, 7 ],
              "mqtt": { "port": "many", "tls": { "ca": "x" }, "keep_alive_s": 0 },
              "model": null,
              "rules": [ { "name": "", "conditions": [ { "min_score": -1, "zone": [[0, 0], [1]] } ], "output": { "line": "nobody" } } ],
              "web": []
            }
            """));
        string[] pointers = [.. error.Errors.Select(e => e.Pointer)];
        foreach (string pointer in (string[])[
            "/devise", "/device", "/cameras/0/name", "/cameras/0/fps", "/cameras/0/kind", "/cameras/0/trigger/line", "/cameras/1", "/cameras",
            "/mqtt/port", "/mqtt/tls/ca", "/mqtt/keep_alive_s", "/mqtt/tls", "/model", "/rules/0/name", "/rules/0/conditions/0/min_score",
            "/rules/0/conditions/0/zone", "/rules/0/conditions/0/zone/1", "/rules/0/output/line", "/web"])
            Assert.Contains(pointer, pointers);
        Assert.Contains("one of belt, folder", error.Message, StringComparison.Ordinal);
        Assert.Contains("/model: an object, not null", error.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("[]")]
    [InlineData("nonsense")]
    [InlineData("{\"version\": \"a\", \"version\": \"b\"}")]
    [InlineData("")]
    [InlineData("{\"a\":{\"a\":{\"a\":{\"a\":{\"a\":{\"a\":{\"a\":{\"a\":{\"a\":{\"a\":{\"a\":{\"a\":{\"a\":{\"a\":{\"a\":{\"a\":{\"a\":1}}}}}}}}}}}}}}}}}")]
    public void What_is_no_document_is_refused(string json) =>
        Assert.Equal("", Assert.Single(Assert.Throws<InvalidConfigurationException>(() => Parse(json)).Errors).Pointer);

    [Fact]
    public void The_command_line_wins_over_the_environment_over_the_file()
    {
        string file = Path.GetTempFileName();
        try
        {
            File.WriteAllText(file, """{ "mqtt": { "host": "file", "port": 1 }, "version": "file" }""");
            var environment = new Hashtable
            {
                ["YOLACT_EDGE__MQTT__HOST"] = "environment",
                ["YOLACT_EDGE__MQTT__PORT"] = "2",
                ["YOLACT_EDGE__CAMERAS__0__FPS"] = "12.5",
                ["YOLACT_EDGE__VERSION"] = "7",
                ["OTHER"] = "x",
            };
            ApplianceOptions options = ConfigurationLoader.Load(file, ["mqtt/port=3", "/rules=[]"], environment).Options;
            Assert.Equal(("environment", 3, "7"), (options.Mqtt.Host, options.Mqtt.Port!.Value, options.Version));
            Assert.Equal(12.5, options.Cameras[0].Fps);
        }
        finally
        {
            File.Delete(file);
        }
    }

    [Fact]
    public void A_bad_setting_from_outside_is_named()
    {
        var environment = new Hashtable { ["YOLACT_EDGE__MQTT__PORT"] = "many", ["YOLACT_EDGE__NONSENSE"] = "1", ["YOLACT_EDGE__CAMERAS__5__NAME"] = "x" };
        InvalidConfigurationException error = Assert.Throws<InvalidConfigurationException>(
            () => ConfigurationLoader.Load(settings: ["web/port=0", "=x"], environment: environment));
        Assert.Contains("/mqtt/port: a whole number (set by YOLACT_EDGE__MQTT__PORT)", error.Message, StringComparison.Ordinal);
        Assert.Contains("/nonsense: there is no such setting", error.Message, StringComparison.Ordinal);
        Assert.Contains("(set by --set web/port)", error.Message, StringComparison.Ordinal);
        Assert.Contains("--set =x: should be PATH=VALUE", error.Message, StringComparison.Ordinal);
        Assert.Contains("5 is not the next one", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_missing_file_is_an_error_that_names_it() =>
        Assert.Contains("/nowhere/appliance.json", Assert.Throws<InvalidConfigurationException>(
            () => ConfigurationLoader.Load("/nowhere/appliance.json", environment: NoEnvironment)).Message, StringComparison.Ordinal);

    [Fact]
    public void A_valid_document_written_out_reads_back_the_same()
    {
        LoadedConfiguration loaded = ConfigurationLoader.Parse("""{"mqtt":{"host":"plant"},"rules":[{"name":"r","conditions":[{"scores":{"nut":0.5}}]}]}"""u8, "test");
        string written = Write(loaded.Options);
        Assert.Equal(written, Write(Parse(written)));
        Assert.True(JsonNode.DeepEquals(JsonNode.Parse(written), loaded.Document), loaded.Document.ToJsonString());
    }

    [Fact]
    public void Random_damage_to_a_document_is_reported_and_never_crashes()
    {
        string good = Write(Parse("""{"mqtt":{"tls":{},"host":"plant"},"rules":[{"name":"r","conditions":[{"zone":[[0,0],[5,0],[5,5]]}],"output":{"line":"reject"}}]}"""));
        string[] junk = ["null", "1e999", "-1", "\"\"", "[]", "{}", "[null]", "\"x\"", "true", "0.5", "[[[]]]", "{\"x\":{}}"];
        Gen.Select(Gen.Int[0, 10_000], Gen.Int[0, junk.Length - 1], Gen.Int[1, 4]).Sample((seed, which, times) =>
        {
            JsonNode document = JsonNode.Parse(good)!;
            for (int i = 0; i < times; i++)
                Damage(document.AsObject(), seed + (i * 7919), junk[which]);
            try
            {
                Assert.NotNull(Parse(document.ToJsonString()));
            }
            catch (InvalidConfigurationException error)
            {
                Assert.All(error.Errors, e => Assert.NotEqual("", e.Message));
            }
        }, iter: 2000);
    }

    private static void Damage(JsonObject root, int seed, string replacement)
    {
        JsonNode at = root;
        var random = new Random(seed);
        while (true)
        {
            List<(object Key, JsonNode? Value)> members = at is JsonObject map
                ? [.. map.Select(m => ((object)m.Key, m.Value))]
                : [.. at.AsArray().Select((v, i) => ((object)i, v))];
            if (members.Count == 0)
                return;
            (object key, JsonNode? value) = members[random.Next(members.Count)];
            if (value is JsonObject or JsonArray && random.Next(3) != 0)
            {
                at = value;
                continue;
            }
            // A number too great for a double is a good test of readers, and no value that a node can hold.
            JsonNode? junk = replacement == "1e999" ? JsonNode.Parse("1e999") : JsonNode.Parse(replacement);
            if (key is string name)
                at[name] = junk;
            else
                at[(int)key] = junk;
            return;
        }
    }

    private static ApplianceOptions Parse(string json) => ConfigurationLoader.Parse(Encoding.UTF8.GetBytes(json), "test").Options;

    private static string Write(ApplianceOptions options) => JsonSerializer.Serialize(options, ApplianceJson.Default.ApplianceOptions);
}
