using System.Buffers;
using System.Diagnostics;
using System.Runtime.InteropServices;
using System.Text.Json;
using System.Threading.Channels;
using MQTTnet;

namespace Yolact.Edge.Tests.Hosting;

/// <summary>The whole program as a process: belt, embedded broker and a tiny network, seen by a subscriber.</summary>
public sealed partial class ApplianceTests : IDisposable
{
    private const int TerminateSignal = 15;

    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(2);

    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("yolact-appliance-");
    private readonly string _model;

    public ApplianceTests() => _model = TinyModel.Write(_folder.FullName, "tiny").Main;

    public void Dispose() => _folder.Delete(recursive: true);

    [Fact]
    public async Task A_subscriber_sees_detections_and_an_orderly_end()
    {
        using var patience = CancellationTokenSource.CreateLinkedTokenSource(TestContext.Current.CancellationToken);
        patience.CancelAfter(Patience);
        using Process appliance = Start("device=bench", "cameras/0/trigger/mode=edge", "cameras/0/trigger/line=barrier", "telemetry/health_interval_s=1");
        (string host, int port) = await BrokerOf(appliance, patience.Token);
        Channel<(string Topic, byte[] Payload)> messages = Channel.CreateUnbounded<(string, byte[])>();
        using IMqttClient subscriber = new MqttClientFactory().CreateMqttClient();
        subscriber.ApplicationMessageReceivedAsync += arguments =>
        {
            messages.Writer.TryWrite((arguments.ApplicationMessage.Topic, arguments.ApplicationMessage.Payload.ToArray()));
            return Task.CompletedTask;
        };
        await subscriber.ConnectAsync(new MqttClientOptionsBuilder().WithTcpServer(host, port).Build(), patience.Token);
        await subscriber.SubscribeAsync("yolact/1/bench/#", cancellationToken: patience.Token);

        List<JsonElement> detections = [];
        HashSet<string> topics = [];
        while (detections.Count < 3 || !topics.Contains("yolact/1/bench/health"))
        {
            (string topic, byte[] payload) = await messages.Reader.ReadAsync(patience.Token);
            topics.Add(topic);
            if (topic == "yolact/1/bench/camera/cam0/detections")
                detections.Add(JsonDocument.Parse(payload).RootElement);
        }
        Assert.Equal(0, kill(appliance.Id, TerminateSignal));
        await appliance.WaitForExitAsync(patience.Token);

        Assert.Equal(0, appliance.ExitCode);
        Assert.All(detections, AssertTraceable);
        long[] edges = [.. detections.Select(message => message.GetProperty("trigger").GetProperty("edge_id").GetInt64())];
        Assert.Equal(edges.Order(), edges);
        Assert.Equal(edges.Distinct(), edges);
        Assert.Equal("disconnected", LastState(messages));
    }

    [Fact]
    public async Task A_bad_configuration_names_every_error_and_starts_nothing()
    {
        string file = Path.Combine(_folder.FullName, "bad.json");
        await File.WriteAllTextAsync(file, """{ "device": "a b", "web": { "page_fps": 0 }, "surprise": 1 }""", TestContext.Current.CancellationToken);
        using Process appliance = Start("mqtt/port=0", "--config", file);
        string errors = await appliance.StandardError.ReadToEndAsync(TestContext.Current.CancellationToken);
        string output = await appliance.StandardOutput.ReadToEndAsync(TestContext.Current.CancellationToken);
        await appliance.WaitForExitAsync(TestContext.Current.CancellationToken);

        Assert.Equal(2, appliance.ExitCode);
        foreach (string pointer in (string[])["/device", "/web/page_fps", "/surprise", "/mqtt/port"])
            Assert.Contains(pointer, errors, StringComparison.Ordinal);
        Assert.DoesNotContain("broker", output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_model_that_is_not_there_is_named()
    {
        using Process appliance = Start("model/path=nowhere.onnx");
        string output = await appliance.StandardOutput.ReadToEndAsync(TestContext.Current.CancellationToken);
        await appliance.WaitForExitAsync(TestContext.Current.CancellationToken);

        Assert.Equal(2, appliance.ExitCode);
        Assert.Contains("nowhere.onnx", output, StringComparison.Ordinal);
    }

    private void AssertTraceable(JsonElement message)
    {
        JsonElement trigger = message.GetProperty("trigger"), frame = message.GetProperty("frame");
        Assert.Equal("barrier", trigger.GetProperty("line").GetString());
        Assert.Equal("exposure_start", frame.GetProperty("time_meaning").GetString());
        long lag = frame.GetProperty("time_ns").GetInt64() - trigger.GetProperty("edge_time_ns").GetInt64();
        Assert.Equal(lag, trigger.GetProperty("frame_minus_edge_ns").GetInt64());
        Assert.True(lag >= 0, $"the frame began {-lag} ns before its edge");
        Assert.Equal("tiny", message.GetProperty("model").GetProperty("name").GetString());
        Assert.Equal(64, message.GetProperty("model").GetProperty("sha256").GetString()!.Length);
        Assert.True(File.Exists(_model));
    }

    private static string? LastState(Channel<(string Topic, byte[] Payload)> messages)
    {
        string? state = null;
        while (messages.Reader.TryRead(out (string Topic, byte[] Payload) message))
        {
            if (message.Topic.EndsWith("/status", StringComparison.Ordinal))
                state = JsonDocument.Parse(message.Payload).RootElement.GetProperty("state").GetString();
        }
        return state;
    }

    private Process Start(params string[] arguments)
    {
        var start = new ProcessStartInfo(Path.Combine(AppContext.BaseDirectory, "yolact-edge")) { RedirectStandardOutput = true, RedirectStandardError = true };
        bool options = false;
        foreach (string argument in (string[])[.. TinyModel.SettingsFor(_model), "mqtt/port=21883", "web/port=28080",
            $"mqtt/outbox/path={_folder.FullName}/outbox", .. arguments])
        {
            options |= argument.StartsWith('-');
            if (!options)
                start.ArgumentList.Add("--set");
            start.ArgumentList.Add(argument);
        }
        return Process.Start(start)!;
    }

    private static async Task<(string Host, int Port)> BrokerOf(Process appliance, CancellationToken cancellation)
    {
        while (await appliance.StandardOutput.ReadLineAsync(cancellation) is { } line)
        {
            int at = line.IndexOf("embedded broker ", StringComparison.Ordinal);
            if (at < 0)
                continue;
            string endpoint = line[(at + "embedded broker ".Length)..].Split(',')[0];
            _ = appliance.StandardOutput.ReadToEndAsync(cancellation); // so that the program never waits for us to read
            return (endpoint.Split(':')[0], int.Parse(endpoint.Split(':')[1], System.Globalization.CultureInfo.InvariantCulture));
        }
        throw new InvalidOperationException($"The program ended: {await appliance.StandardError.ReadToEndAsync(cancellation)}");
    }

    [LibraryImport("libc", SetLastError = true)]
    private static partial int kill(int pid, int signal);
}
