using System.Buffers;
using System.Collections.Concurrent;
using System.Diagnostics;
using System.Text;
using System.Text.Json;
using MQTTnet;
using Yolact.Edge.Messaging.Broker;

namespace Yolact.Edge.Tests.Hosting;

/// <summary>
/// The real program as a process, and the plant's broker in this one: what an operator sends and sees. The program can be killed and
/// started again; its files outlive it.
/// </summary>
internal sealed class RunningProgram : IAsyncDisposable
{
    public const string Root = "yolact/1/bench";

    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(3);

    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("yolact-program-");
    private readonly IMqttClient _operator = new MqttClientFactory().CreateMqttClient();
    private readonly ConcurrentDictionary<string, JsonElement> _latest = new();
    private readonly ConcurrentQueue<string> _log = new();
    private readonly EmbeddedBroker _broker;
    private Process? _process;

    private RunningProgram(EmbeddedBroker broker) => _broker = broker;

    public string Folder => _folder.FullName;

    public int Port => _broker.Endpoint.Port;

    public bool IsRunning => _process is { HasExited: false };

    /// <summary>Starts broker and operator, not the program.</summary>
    public static async Task<RunningProgram> CreateAsync(int port)
    {
        var program = new RunningProgram(await EmbeddedBroker.StartAsync(port));
        program._operator.ApplicationMessageReceivedAsync += arguments =>
        {
            if (arguments.ApplicationMessage.Payload.Length > 0)
                program._latest[arguments.ApplicationMessage.Topic] = JsonDocument.Parse(arguments.ApplicationMessage.Payload.ToArray()).RootElement;
            return Task.CompletedTask;
        };
        await program._operator.ConnectAsync(new MqttClientOptionsBuilder().WithTcpServer("127.0.0.1", program.Port).Build());
        await program._operator.SubscribeAsync($"{Root}/#");
        return program;
    }

    /// <summary>Starts the program with a local file.</summary>
    public void Start(string json)
    {
        string file = Path.Combine(Folder, "appliance.json");
        File.WriteAllText(file, json);
        var start = new ProcessStartInfo(Path.Combine(AppContext.BaseDirectory, "yolact-edge"), ["--config", file]) { RedirectStandardOutput = true, RedirectStandardError = true };
        start.Environment["STATE_DIRECTORY"] = Path.Combine(Folder, "state");
        _process = new Process { StartInfo = start };
        _process.OutputDataReceived += (_, line) => _log.Enqueue(line.Data ?? "");
        _process.ErrorDataReceived += (_, line) => _log.Enqueue(line.Data ?? "");
        _process.Start();
        _process.BeginOutputReadLine();
        _process.BeginErrorReadLine();
    }

    /// <summary>kill -9.</summary>
    public async Task KillAsync()
    {
        _process!.Kill();
        await _process.WaitForExitAsync();
        _process.Dispose();
        _process = null;
        _latest.Clear();
    }

    /// <summary>Sends what is desired, retained.</summary>
    public Task DesireAsync(string json) => _operator.PublishAsync(new MqttApplicationMessageBuilder()
        .WithTopic($"{Root}/config/desired").WithPayload(json).WithRetainFlag().WithQualityOfServiceLevel(MQTTnet.Protocol.MqttQualityOfServiceLevel.AtLeastOnce).Build());

    /// <summary>Waits for a report on a version that is no longer on trial.</summary>
    public Task<JsonElement> ReportAsync(string? desired, Func<JsonElement, bool>? more = null) => MessageAsync("config/reported", report =>
        report.GetProperty("desired_version").GetString() == desired && report.GetProperty("state").GetString() != "probation" && more?.Invoke(report) != false);

    /// <summary>Waits for a message of a topic.</summary>
    public async Task<JsonElement> MessageAsync(string topic, Func<JsonElement, bool> wanted)
    {
        using var patience = CancellationTokenSource.CreateLinkedTokenSource(TestContext.Current.CancellationToken);
        patience.CancelAfter(Patience);
        while (true)
        {
            if (_latest.TryGetValue($"{Root}/{topic}", out JsonElement message) && wanted(message))
                return message;
            if (patience.IsCancellationRequested || _process is { HasExited: true })
                Assert.Fail($"{(_process is { HasExited: true } ? "The program ended" : "No such message")}; {topic} says {message}\n{Log()}");
            await Task.Delay(20, TestContext.Current.CancellationToken);
        }
    }

    /// <summary>Waits for a detections message of a configuration.</summary>
    public Task<JsonElement> DetectionsAsync(string version) =>
        MessageAsync("camera/cam0/detections", message => message.GetProperty("config_version").GetString() == version);

    public async ValueTask DisposeAsync()
    {
        if (_process is not null)
            await KillAsync();
        _operator.Dispose();
        await _broker.DisposeAsync();
        _folder.Delete(recursive: true);
    }

    private string Log()
    {
        var text = new StringBuilder();
        foreach (string line in _log.TakeLast(40))
            text.AppendLine(line);
        return text.ToString();
    }
}
