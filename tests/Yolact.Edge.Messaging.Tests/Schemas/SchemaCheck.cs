using System.Diagnostics;
using System.Text.Json.Nodes;
using Yolact.Edge.Messaging.Schemas;

namespace Yolact.Edge.Messaging.Tests.Schemas;

/// <summary>Checks JSON files against the shipped schemas with an independent validator: Debian's python3-jsonschema.</summary>
internal sealed class SchemaCheck : IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("schemas-").FullName;

    public SchemaCheck()
    {
        (int code, _) = Run("--version");
        Assert.SkipUnless(code == 0, "No JSON Schema validator: install python3-jsonschema.");
        foreach (string name in MessageSchemas.Names)
            File.WriteAllText(Path.Combine(_folder, $"{name}.schema.json"), MessageSchemas.Read(name));
    }

    /// <summary>Adds a schema of a test's own, which may refer to the shipped ones.</summary>
    public void Add(string name, JsonNode schema) => File.WriteAllText(Path.Combine(_folder, $"{name}.schema.json"), schema.ToJsonString());

    /// <summary>What the validator says; empty where every document is valid.</summary>
    public string Errors(string schema, params IEnumerable<string> documents)
    {
        List<string> arguments = ["--base-uri", $"file://{_folder}/"];
        int number = 0;
        foreach (string document in documents)
        {
            string path = Path.Combine(_folder, $"document-{number++}.json");
            File.WriteAllText(path, document);
            arguments.AddRange(["-i", path]);
        }
        Assert.True(number > 0, "Nothing to check.");
        arguments.Add(Path.Combine(_folder, $"{schema}.schema.json"));
        (int code, string output) = Run([.. arguments]);
        return code == 0 ? "" : output.Length > 0 ? output : $"exit code {code}";
    }

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    private static (int Code, string Output) Run(params string[] arguments)
    {
        var start = new ProcessStartInfo("python3", ["-W", "ignore", "-m", "jsonschema", .. arguments]) { RedirectStandardError = true, RedirectStandardOutput = true };
        try
        {
            using Process process = Process.Start(start)!;
            Task<string> output = process.StandardOutput.ReadToEndAsync();
            string errors = process.StandardError.ReadToEnd();
            process.WaitForExit();
            return (process.ExitCode, errors + output.Result);
        }
        catch (System.ComponentModel.Win32Exception)
        {
            return (-1, "");
        }
    }
}
