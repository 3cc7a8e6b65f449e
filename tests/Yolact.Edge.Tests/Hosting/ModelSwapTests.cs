using System.Buffers;
using System.Collections.Concurrent;
using System.Text.Json;
using Microsoft.Extensions.Logging.Abstractions;
using MQTTnet;
using Yolact.Edge.Capture.Cameras;
using Yolact.Edge.Capture.Triggers;
using Yolact.Edge.Configuration;
using Yolact.Edge.Hosting;
using Yolact.Edge.Messaging;
using Yolact.Edge.Messaging.Broker;
using Yolact.Edge.Messaging.Payloads;
using Yolact.Edge.Messaging.Sessions;
using Yolact.Edge.Messaging.Topics;
using Yolact.Edge.Model.Import;
using Yolact.Edge.Pipeline;
using Yolact.Edge.Telemetry;
using Yolact.Edge.Vision;

namespace Yolact.Edge.Tests.Hosting;

/// <summary>A real, small appliance on the belt whose network is exchanged while edges come.</summary>
public sealed class ModelSwapTests : IDisposable
{
    private const int Edges = 90;

    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(2);

    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("yolact-swap-");

    public void Dispose() => _folder.Delete(recursive: true);

    [Fact]
    public async Task No_promised_capture_is_lost_and_every_message_names_the_network_that_saw_its_frame()
    {
        CancellationToken cancellation = TestContext.Current.CancellationToken;
        ModelFiles first = TinyModel.Write(_folder.FullName, "first"), second = TinyModel.Write(_folder.FullName, "second", 0.25f);
        ApplianceOptions options = Options("1");
        await using EmbeddedBroker broker = await EmbeddedBroker.StartAsync(31883);
        using IMqttClient subscriber = new MqttClientFactory().CreateMqttClient();
        ConcurrentQueue<JsonElement> messages = await ListenAsync(subscriber, broker, cancellation);
        var topics = new TopicTree("bench");
        var stamp = new MessageStamp(topics, TimeProvider.System);
        var status = new DeviceStatus(stamp);
        var pool = new PayloadPool();
        await using var session = new MqttSession(new MqttOptions(), broker.Endpoint, "bench", topics.Status, status.WriteWill, pool, TimeProvider.System, NullLogger.Instance);
        using var hangUp = CancellationTokenSource.CreateLinkedTokenSource(cancellation);
        Task connection = session.RunAsync(hangUp.Token);
        var counters = new PipelineCounters();
        var events = new EventPublisher(session, stamp, pool, NullLogger<EventPublisher>.Instance);
        using var metrics = new ApplianceMetrics(counters, new MachineReader("/"));
        string[] hashes;
        await using (var appliance = new Appliance(options, first, session, stamp, pool, events, status, counters, metrics, new NoViewer(), TimeProvider.System))
        {
            await appliance.StartAsync(cancellation);
            await UntilAsync(() => counters.Captured > 0, cancellation);
            string before = appliance.Recipe.Model.Sha256;
            await TriggerAsync(appliance, Edges / 3, cancellation);
            // The next network is loaded while edges come, and takes over between two of them.
            Task<Recipe> loading = Task.Run(() => appliance.Prepare(Options("2"), second), cancellation);
            await TriggerAsync(appliance, Edges / 3, cancellation);
            Recipe next = await loading;
            hashes = [before, next.Model.Sha256];
            Recipe old = appliance.Swap(next);
            await TriggerAsync(appliance, Edges / 3, cancellation);
            await old.Freed.WaitAsync(Patience, cancellation);
        }
        await UntilAsync(() => messages.Count(IsDetection) + messages.Count(IsRefusal) >= Edges, cancellation);
        await hangUp.CancelAsync();
        await connection;

        JsonElement[] detections = [.. messages.Where(IsDetection)];
        Assert.NotEqual(hashes[0], hashes[1]);
        Assert.Equal(Edges, detections.Length + messages.Count(IsRefusal));
        Assert.Equal(Edges, counters.Edges);
        Assert.Equal(0, counters.Failed);
        long[] edges = [.. detections.Select(message => message.GetProperty("trigger").GetProperty("edge_id").GetInt64())];
        Assert.Equal(edges.Order().Distinct(), edges);
        string[] seenBy = [.. detections.Select(message => message.GetProperty("model").GetProperty("sha256").GetString()!)];
        Assert.Equal(hashes, seenBy.Distinct());
        int change = Array.IndexOf(seenBy, hashes[1]);
        Assert.All(seenBy[change..], hash => Assert.Equal(hashes[1], hash));
        Assert.Equal(["1", "2"], detections.Select(message => message.GetProperty("config_version").GetString()!).Distinct());
        Assert.All(detections.Take(change), message => Assert.Equal("1", message.GetProperty("config_version").GetString()));
    }

    private static ApplianceOptions Options(string version) => new()
    {
        Version = version,
        Device = "bench",
        Cameras = [new CameraOptions { Fps = 50, Trigger = new TriggerOptions { Mode = TriggerMode.Software } }],
        Detector = new DetectorOptions { ScoreThreshold = 0.05f, FinalThreshold = 0, MaxDetections = 5 },
        Model = new ModelOptions { Queue = 256 },
    };

    private static async Task TriggerAsync(Appliance appliance, int count, CancellationToken cancellation)
    {
        for (int i = 0; i < count; i++)
        {
            appliance.Trigger();
            // Not a time to rely on: edges that come too close together are refused, and counted as such.
            await Task.Delay(30, cancellation);
        }
    }

    private static async Task<ConcurrentQueue<JsonElement>> ListenAsync(IMqttClient subscriber, EmbeddedBroker broker, CancellationToken cancellation)
    {
        var messages = new ConcurrentQueue<JsonElement>();
        subscriber.ApplicationMessageReceivedAsync += arguments =>
        {
            messages.Enqueue(JsonDocument.Parse(arguments.ApplicationMessage.Payload.ToArray()).RootElement);
            return Task.CompletedTask;
        };
        await subscriber.ConnectAsync(new MqttClientOptionsBuilder().WithTcpServer("127.0.0.1", broker.Endpoint.Port).Build(), cancellation);
        await subscriber.SubscribeAsync("yolact/1/bench/#", MQTTnet.Protocol.MqttQualityOfServiceLevel.AtLeastOnce, cancellation);
        return messages;
    }

    private static bool IsDetection(JsonElement message) => message.TryGetProperty("trigger", out _);

    private static bool IsRefusal(JsonElement message) =>
        message.TryGetProperty("event", out JsonElement what) && what.GetString() is "overrun" or "unanswered_edge";

    private static async Task UntilAsync(Func<bool> condition, CancellationToken cancellation)
    {
        using var patience = CancellationTokenSource.CreateLinkedTokenSource(cancellation);
        patience.CancelAfter(Patience);
        while (!condition())
            await Task.Delay(20, patience.Token);
    }
}
