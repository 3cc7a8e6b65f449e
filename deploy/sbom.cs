// Writes a software bill of materials (CycloneDX 1.6) of a published program: every package and runtime that its
// yolact-edge.deps.json names, with hash, licence, and what depends on what.
//
//   dotnet run deploy/sbom.cs -- PUBLISH-FOLDER VERSION OUTPUT
#:property PublishAot=false
#:property EnforceCodeStyleInBuild=false

using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Nodes;
using System.Xml.Linq;

if (args is not [var folder, var version, var output])
{
    Console.Error.WriteLine("usage: dotnet run deploy/sbom.cs -- PUBLISH-FOLDER VERSION OUTPUT");
    return 2;
}

const string Program = "yolact-edge", RuntimePack = "runtimepack.";
string packages = Environment.GetEnvironmentVariable("NUGET_PACKAGES")
    ?? Path.Combine(Environment.GetFolderPath(Environment.SpecialFolder.UserProfile), ".nuget", "packages");
JsonObject deps = JsonNode.Parse(File.ReadAllText(Path.Combine(folder, "yolact-edge.deps.json")))!.AsObject();
// The one target that has the machine's kind in its name holds what runs.
JsonObject target = deps["targets"]![(string)deps["runtimeTarget"]!["name"]!]!.AsObject();
Dictionary<string, string> references = deps["libraries"]!.AsObject()
    .ToDictionary(library => library.Key, library => Reference(library.Key, library.Value!));

var components = new JsonArray();
var dependencies = new JsonArray();
foreach ((string key, JsonNode? library) in deps["libraries"]!.AsObject().OrderBy(library => library.Key, StringComparer.Ordinal))
{
    bool own = (string)library!["type"]! == "project";
    if (!own || !key.StartsWith(Program + "/", StringComparison.Ordinal))
        components.Add(Component(key, library, own));
    JsonObject needs = target[key]?["dependencies"]?.AsObject() ?? [];
    dependencies.Add(new JsonObject
    {
        ["ref"] = references[key],
        ["dependsOn"] = new JsonArray([.. needs.Select(need => $"{need.Key}/{need.Value}").Where(references.ContainsKey)
            .Select(need => (JsonNode)references[need]).OrderBy(need => (string)need!, StringComparer.Ordinal)]),
    });
}
var document = new JsonObject
{
    ["$schema"] = "http://cyclonedx.org/schema/bom-1.6.schema.json",
    ["bomFormat"] = "CycloneDX",
    ["specVersion"] = "1.6",
    ["version"] = 1,
    ["metadata"] = new JsonObject
    {
        ["component"] = new JsonObject
        {
            ["type"] = "application",
            ["bom-ref"] = references.First(reference => reference.Key.StartsWith(Program + "/", StringComparison.Ordinal)).Value,
            ["name"] = Program,
            ["version"] = version,
            ["licenses"] = Licence("MIT"),
        },
    },
    ["components"] = components,
    ["dependencies"] = dependencies,
};
var form = new JsonSerializerOptions { WriteIndented = true, Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };
File.WriteAllText(output, document.ToJsonString(form) + "\n");
return 0;

static string Reference(string key, JsonNode library)
{
    (string name, string number) = Split(key);
    return (string)library["type"]! == "project" ? $"{name}@{number}" : $"pkg:nuget/{name}@{number}";
}

static (string Name, string Version) Split(string key)
{
    string[] parts = key.Split('/', 2);
    string name = parts[0].StartsWith(RuntimePack, StringComparison.Ordinal) ? parts[0][RuntimePack.Length..] : parts[0];
    return (name, parts[1]);
}

JsonObject Component(string key, JsonNode library, bool own)
{
    (string name, string number) = Split(key);
    var component = new JsonObject
    {
        ["type"] = key.StartsWith(RuntimePack, StringComparison.Ordinal) ? "framework" : "library",
        ["bom-ref"] = references[key],
        ["name"] = name,
        ["version"] = number,
    };
    if (own)
    {
        component["licenses"] = Licence("MIT");
        return component;
    }
    component["purl"] = references[key];
    if ((string?)library["sha512"] is { Length: > 0 } hash)
    {
        component["hashes"] = new JsonArray(new JsonObject
        {
            ["alg"] = "SHA-512",
            ["content"] = Convert.ToHexStringLower(Convert.FromBase64String(hash["sha512-".Length..])),
        });
    }
    if (Declared(name, number) is { } licence)
        component["licenses"] = licence;
    return component;
}

// What the package itself says; a package that was not restored on this machine says nothing.
JsonArray? Declared(string name, string number)
{
    string lower = name.ToLowerInvariant();
    string file = Path.Combine(packages, lower, number, lower + ".nuspec");
    XElement? metadata = File.Exists(file)
        ? XDocument.Load(file).Root?.Elements().FirstOrDefault(e => e.Name.LocalName == "metadata")
        : null;
    XElement? licence = metadata?.Elements().FirstOrDefault(e => e.Name.LocalName == "license");
    if (licence is not null && (string?)licence.Attribute("type") == "expression")
        return licence.Value.Contains(' ', StringComparison.Ordinal)
            ? [new JsonObject { ["expression"] = licence.Value }]
            : Licence(licence.Value);
    string? url = metadata?.Elements().FirstOrDefault(e => e.Name.LocalName == "licenseUrl")?.Value;
    if (licence is not null)
        return [new JsonObject { ["license"] = new JsonObject { ["name"] = $"{licence.Value} in the package" } }];
    return url is null ? null : [new JsonObject { ["license"] = new JsonObject { ["name"] = "see url", ["url"] = url } }];
}

static JsonArray Licence(string id) => [new JsonObject { ["license"] = new JsonObject { ["id"] = id } }];
