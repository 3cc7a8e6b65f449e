using System.Text;
using Microsoft.Extensions.Logging.Abstractions;
using Yolact.Edge.Configuration;
using Yolact.Edge.Configuration.Remote;
using Yolact.Edge.Messaging.Payloads;

namespace Yolact.Edge.Tests.Configuration.Remote;

/// <summary>One run of the program on a simulated device, from boot to death; the journal file outlives it.</summary>
internal sealed class DeviceRun : IDisposable
{
    private readonly RemoteConfiguration _remote;

    private DeviceRun(string journal, LocalConfiguration local, Action<string>? step)
    {
        Device = new SimulatedDevice(step);
        Journal = RemoteJournal.Open(new DurableFile(journal) { Step = name => step?.Invoke($"journal: {name}") });
        Boot = ConfigurationBoot.Decide(local, Journal);
        _remote = new RemoteConfiguration(Boot, Journal, Device, report =>
        {
            Reports.Add(report);
            step?.Invoke($"report: {report.State}");
        }, NullLogger.Instance);
    }

    public SimulatedDevice Device { get; }

    public RemoteJournal Journal { get; }

    public ConfigurationBoot Boot { get; }

    public List<ConfigurationReport> Reports { get; } = [];

    public ConfigurationReport Last => Reports[^1];

    public void Dispose() => _remote.Dispose();

    public static LocalConfiguration Local(string json = """{"version":"local","mqtt":{"host":"plant"}}""")
    {
        string file = Path.GetTempFileName();
        try
        {
            File.WriteAllText(file, json);
            return ConfigurationLoader.LoadLocal(file, environment: new System.Collections.Hashtable());
        }
        finally
        {
            File.Delete(file);
        }
    }

    public static async Task<DeviceRun> StartAsync(string journal, LocalConfiguration? local = null, Action<string>? step = null)
    {
        var run = new DeviceRun(journal, local ?? Local(), step);
        await run._remote.StartAsync(TestContext.Current.CancellationToken);
        return run;
    }

    public async Task<ConfigurationReport> DesireAsync(string json)
    {
        await _remote.HandleAsync(Encoding.UTF8.GetBytes(json), TestContext.Current.CancellationToken);
        return Last;
    }

    public async Task<ConfigurationReport> DesireAsync(byte[] payload)
    {
        await _remote.HandleAsync(payload, TestContext.Current.CancellationToken);
        return Last;
    }

    public Task<string?> RollBackAsync() => _remote.RollBackAsync(TestContext.Current.CancellationToken);

    public void AssertReported(ConfigState state, int code, string? applied, params string[] pointers)
    {
        Assert.Equal((state, code, applied), (Last.State, Last.Code, Last.Applied));
        Assert.Equal(applied, Device.Running?.Options.Version);
        Assert.Equal(pointers.Order(StringComparer.Ordinal), Last.Errors.Select(error => error.Pointer).Order(StringComparer.Ordinal));
    }
}
