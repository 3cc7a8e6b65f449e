using Yolact.Edge.Configuration;
using Yolact.Edge.Messaging.Schemas;
using Yolact.Edge.Messaging.Tests.Brokers;
using Yolact.Edge.Tests.Hosting;

namespace Yolact.Edge.Tests.Remote;

/// <summary>A subscriber of another stack (MQTT.js and ajv on Node.js) hears real appliances through mosquitto and checks every message against the schemas.</summary>
public sealed class NpmSubscriberTests : IDisposable
{
    // What a device says, in both ways of capturing, and its responses.
    private static readonly string[] Kinds =
    [
        "status", "health", "event", "detections-triggered", "detections-free-running", "evidence", "command-response",
        "response-capture-200", "response-capture-409", "response-snapshot-200", "response-diagnostics-200", "response-set-log-level-200", "response-fly-404",
    ];

    private readonly TinyModel _model = new();
    private readonly DirectoryInfo _schemas = Directory.CreateTempSubdirectory("yolact-schemas-");

    public void Dispose()
    {
        _model.Dispose();
        _schemas.Delete(recursive: true);
    }

    [Fact]
    public async Task Every_message_keeps_its_schema()
    {
        string repository = RepositoryFolder();
        Assert.SkipUnless(File.Exists("/usr/bin/node"), "No Node.js: install nodejs.");
        Assert.SkipUnless(Directory.Exists(Path.Combine(repository, "node_modules")), "No MQTT.js and ajv: run npm ci in tests/npm-subscriber.");
        CancellationToken cancellation = TestContext.Current.CancellationToken;
        foreach (string name in MessageSchemas.Names)
            File.WriteAllText(Path.Combine(_schemas.FullName, $"{name}.schema.json"), MessageSchemas.Read(name));
        File.WriteAllText(Path.Combine(_schemas.FullName, "appliance.schema.json"), ConfigurationSchema.Text);

        await using Mosquitto broker = await Mosquitto.StartAsync();
        string[] common = [.. _model.Settings, "mqtt/host=127.0.0.1", $"mqtt/port={broker.Port}", "telemetry/health_interval_s=1"];
        using ApplianceProcess free = ApplianceProcess.Run([.. common, "device=free", "cameras/0/fps=2"]);
        using ApplianceProcess triggered = ApplianceProcess.Run([.. common, "device=triggered", "cameras/0/trigger/mode=edge", "cameras/0/trigger/line=barrier"]);
        using ApplianceProcess subscriber = ApplianceProcess.StartProgram(
            "/usr/bin/node", new Dictionary<string, string> { ["DEVICES"] = "free,triggered", ["PATIENCE_S"] = "150" },
            [Path.Combine(repository, "subscriber.mjs"), $"mqtt://127.0.0.1:{broker.Port}", _schemas.FullName, .. Kinds]);
        int code = await subscriber.ExitAsync(cancellation);
        Assert.True(code == 0, $"{subscriber.Output}\n{free.Output}\n{triggered.Output}");
        TestContext.Current.TestOutputHelper?.WriteLine(subscriber.Output);
    }

    // The packages lie beside their list, not among the test's own files.
    private static string RepositoryFolder()
    {
        for (DirectoryInfo? folder = new(AppContext.BaseDirectory); folder is not null; folder = folder.Parent)
        {
            string found = Path.Combine(folder.FullName, "tests", "npm-subscriber");
            if (Directory.Exists(found))
                return found;
        }
        throw new DirectoryNotFoundException("tests/npm-subscriber is not above the test.");
    }
}
