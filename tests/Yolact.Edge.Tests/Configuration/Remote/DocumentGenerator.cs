using System.Text;
using System.Text.Json.Nodes;
using CsCheck;
using Yolact.Edge.Configuration;

namespace Yolact.Edge.Tests.Configuration.Remote;

/// <summary>A random document.</summary>
/// <param name="Payload">The bytes.</param>
/// <param name="Faults">Pointers that must be among the errors; empty for a valid document; null where nothing is promised.</param>
internal sealed record RandomDocument(byte[] Payload, IReadOnlyList<string>? Faults)
{
    public override string ToString() => $"{(Faults is null ? "?" : string.Join(' ', Faults))}: {Encoding.UTF8.GetString(Payload.AsSpan(0, Math.Min(Payload.Length, 2000)))}";
}

/// <summary>Makes documents: valid ones, ones with known faults, damaged ones, hostile ones.</summary>
internal static class DocumentGenerator
{
    private static readonly (string Place, string Json)[] Good =
    [
        ("/detector/score_threshold", "0.5"), ("/detector/final_threshold", "0.25"), ("/detector/masks", "\"source\""), ("/detector/max_detections", "7"),
        ("/detections/profile", "\"full\""), ("/detections/polygon_tolerance", "2.5"), ("/telemetry/health_interval_s", "3"), ("/model/queue", "64"),
        ("/model/path", "null"), ("/model/swap", "\"after\""), ("/mqtt/keep_alive_s", "20"), ("/mqtt/host", "\"other\""), ("/mqtt/host", "\"10.0.0.7\""),
        ("/web/page_fps", "3"), ("/web/port", "9999"), ("/rules", """[{"name":"r1","conditions":[{"labels":["bolt"],"min_count":2}],"output":{"line":"reject"}}]"""),
        ("/cameras", """[{"name":"left","fps":12.5},{"name":"right","active":false,"kind":"usb","source":"/dev/video0"}]"""), ("/belt", "{}"),
        ("/lines", """{"busy":null}"""), ("/gpio/outputs", """[{"name":"reject"},{"name":"lamp"}]"""),
        // Does not prove itself.
        ("/mqtt/host", "\"dead\""), ("/cameras", """[{"kind":"usb","source":"/dev/video3"}]"""), ("/model/path", "\"broken\""),
    ];

    private static readonly (string Place, string Json)[] Bad =
    [
        ("/detector/score_threshold", "7"), ("/detector/final_threshold", "\"x\""), ("/detector/nms", "\"slow\""), ("/detections/polygon_tolerance", "-1"),
        ("/telemetry/health_interval_s", "0"), ("/telemetry/root", "\"/etc\""), ("/model/queue", "1e9"), ("/model/slots", "[]"), ("/model/path", "\"../../etc/passwd\""),
        ("/model/download", """{"url":"ftp://x/y.onnx","sha256":"no"}"""), ("/mqtt/port", "70000"), ("/mqtt/keep_alive_s", "1.5"), ("/mqtt/password_file", "\"/etc/shadow\""),
        ("/mqtt/tls", "5"), ("/mqtt/nonsense", "{}"), ("/web/port", "true"), ("/web/page_fps", "null"), ("/device", "\"someone-else\""), ("/surprise", "[1,2,3]"),
        ("/remote", """{"locked":["/x"]}"""), ("/~1tilde~0", "0"), ("/rules", "{}"), ("/cameras", "[]"), ("/gpio/driver", "\"magic\""), ("/lines/busy", "\"nobody\""), ("/version", "17"),
    ];

    private static readonly string[] Hostile =
    [
        "", " ", "null", "[]", "0", "\"version\"", "{", "{\"version\":\"1\"", "{\"version\":\"1\",\"version\":\"2\"}", "\uFEFF{}", "{\"version\":\"\\ud800\"}", "{\"\\udfff\":1}",
        "{\"version\":\"\\u0000\"}", "{\"version\":1e99999}", "{\"mqtt\":{\"port\":-0.0000000000000000000000000000000000000000000000001}}", "{\"version\":\"9\",\"mqtt\":{\"tls\":{\"ca_file\":\"/dev/zero\"}}}",
        "{\"version\":\"9\",\"model\":{\"path\":\"\\u0000\"}}", "{\"__proto__\":{\"version\":\"1\"}}", "{\"cameras\":[null,[],{},0,\"\"]}", "{\"version\":\"9\",\"cameras\":[{\"region_of_interest\":{\"x\":2147483647,\"y\":-2147483648,\"width\":1,\"height\":1}}]}",
    ];

    public static Gen<RandomDocument> Documents { get; } = Gen.Select(Gen.Int[0, 9], Gen.Int[0, int.MaxValue], Gen.Int[1, 60], (kind, seed, version) =>
    {
        var random = new Random(seed);
        return kind switch
        {
            < 3 => Valid(random, version),
            < 7 => Faulty(random, version),
            7 => new RandomDocument(Damage(random, Valid(random, version).Payload), null),
            8 => new RandomDocument(Encoding.UTF8.GetBytes(Hostile[random.Next(Hostile.Length)]), null),
            _ => new RandomDocument(Huge(random), null),
        };
    });

    private static RandomDocument Valid(Random random, int version)
    {
        JsonObject document = Start(version);
        foreach ((string place, string json) in Some(random, Good))
            Put(document, place, json);
        return new(Write(document), []);
    }

    private static RandomDocument Faulty(Random random, int version)
    {
        JsonObject document = Start(version);
        foreach ((string place, string json) in Some(random, Good))
            Put(document, place, json);
        List<string> faults = [];
        foreach ((string place, string json) in Some(random, Bad))
        {
            if (Put(document, place, json))
                faults.Add(place);
        }
        if (faults.Count == 0)
        {
            document.Remove("version");
            faults.Add("/version");
        }
        return new(Write(document), faults);
    }

    private static byte[] Damage(Random random, byte[] payload)
    {
        byte[] damaged = [.. payload];
        for (int i = random.Next(1, 8); i > 0; i--)
            damaged[random.Next(damaged.Length)] = (byte)random.Next(256);
        return random.Next(3) == 0 ? damaged[..random.Next(damaged.Length)] : damaged;
    }

    private static byte[] Huge(Random random) => random.Next(5) switch
    {
        0 => Encoding.UTF8.GetBytes(string.Concat(Enumerable.Repeat("{\"a\":", 5000)) + "1" + new string('}', 5000)),
        1 => Encoding.UTF8.GetBytes(new string('[', 100_000)),
        2 => Encoding.UTF8.GetBytes($$"""{"version":"1","device":"{{new string('x', 300_000)}}"}"""),
        3 => Encoding.UTF8.GetBytes($$"""{"version":"1","rules":[{{string.Join(',', Enumerable.Repeat("{}", 5000))}}]}"""),
        _ => new byte[ConfigurationLoader.MaxBytes + 1],
    };

    private static JsonObject Start(int version) => new() { ["version"] = version.ToString(System.Globalization.CultureInfo.InvariantCulture) };

    // Each place once: a list that was replaced has no room for faults within it.
    private static IEnumerable<(string Place, string Json)> Some(Random random, (string Place, string Json)[] all) =>
        all.OrderBy(_ => random.Next()).Take(random.Next(0, 6)).DistinctBy(one => one.Place);

    private static bool Put(JsonObject document, string place, string json)
    {
        string[] steps = [.. place.Split('/').Skip(1).Select(step => step.Replace("~1", "/", StringComparison.Ordinal).Replace("~0", "~", StringComparison.Ordinal))];
        JsonObject at = document;
        foreach (string step in steps.SkipLast(1))
        {
            if (at.ContainsKey(step) && at[step] is not JsonObject)
                return false;
            at = (JsonObject)(at[step] ??= new JsonObject());
        }
        // A fault must not wipe out another that lies within it.
        if (at[steps[^1]] is JsonObject)
            return false;
        at[steps[^1]] = JsonNode.Parse(json);
        return true;
    }

    private static byte[] Write(JsonObject document) => Encoding.UTF8.GetBytes(document.ToJsonString());
}
