using System.Buffers;
using System.Collections.Concurrent;
using System.Text.Json;
using MQTTnet;

namespace Yolact.Edge.Tests.Hosting;

/// <summary>Somebody who listens to everything that a device says.</summary>
public sealed class Subscriber : IAsyncDisposable
{
    private readonly IMqttClient _client = new MqttClientFactory().CreateMqttClient();
    private readonly ConcurrentQueue<Message> _messages = [];
    private readonly SemaphoreSlim _arrived = new(0);
    private string _kept = "";

    /// <summary>A message: the last steps of its topic (<c>status</c>, <c>camera/cam0/detections</c>), and its body.</summary>
    public sealed record Message(string Topic, ReadOnlyMemory<byte> Payload, bool Retained)
    {
        private JsonElement? _json;

        public JsonElement Json => _json ??= JsonDocument.Parse(Payload).RootElement;
    }

    private Subscriber(string root) => _client.ApplicationMessageReceivedAsync += arguments =>
    {
        MqttApplicationMessage message = arguments.ApplicationMessage;
        if (message.Topic.EndsWith(_kept, StringComparison.Ordinal))
        {
            _messages.Enqueue(new(message.Topic[(root.Length + 1)..], message.Payload.ToArray(), message.Retain));
            _arrived.Release();
        }
        return Task.CompletedTask;
    };

    /// <summary>Connects to an appliance's own broker.</summary>
    public static async Task<Subscriber> ToAsync(ApplianceProcess appliance, string device, CancellationToken cancellation)
    {
        (string host, int port) = await appliance.BrokerAsync(cancellation);
        return await ToAsync(host, port, device, cancellation);
    }

    /// <summary>Connects to a broker.</summary>
    public static async Task<Subscriber> ToAsync(string host, int port, string device, CancellationToken cancellation)
    {
        var subscriber = new Subscriber($"yolact/1/{device}");
        await subscriber._client.ConnectAsync(new MqttClientOptionsBuilder().WithTcpServer(host, port).Build(), cancellation);
        await subscriber._client.SubscribeAsync($"yolact/1/{device}/#", MQTTnet.Protocol.MqttQualityOfServiceLevel.AtLeastOnce, cancellation);
        return subscriber;
    }

    /// <summary>What came so far.</summary>
    public IReadOnlyList<Message> All => [.. _messages];

    /// <summary>The detections messages so far.</summary>
    public IReadOnlyList<JsonElement> Detections => Of("/detections");

    /// <summary>The events so far.</summary>
    public IReadOnlyList<JsonElement> Events => Of("events");

    /// <summary>The states so far.</summary>
    public IReadOnlyList<string> States => [.. Of("status").Select(status => status.GetProperty("state").GetString()!)];

    /// <summary>Forgets all but one kind of message: for runs that are too long to remember everything.</summary>
    /// <param name="topic">What the topic ends with.</param>
    public void KeepsOnly(string topic)
    {
        _kept = topic;
        _messages.Clear();
    }

    /// <summary>Waits until what came is enough.</summary>
    public async Task UntilAsync(Func<Subscriber, bool> enough, CancellationToken cancellation, TimeSpan? atMost = null)
    {
        using var patience = CancellationTokenSource.CreateLinkedTokenSource(cancellation);
        patience.CancelAfter(atMost ?? ApplianceProcess.Patience);
        while (!enough(this))
        {
            try
            {
                await _arrived.WaitAsync(patience.Token);
            }
            catch (OperationCanceledException) when (!cancellation.IsCancellationRequested)
            {
                Assert.Fail($"Not within {atMost ?? ApplianceProcess.Patience}. What came: {string.Join('\n', All.TakeLast(20).Select(Describe))}");
            }
        }
    }

    /// <summary>Of the trigger edges so far: the ids of those that a message answers, and of those that an event reports.</summary>
    public (IReadOnlyList<long> Answered, IReadOnlyList<long> Reported) Edges()
    {
        long[] answered = [.. Detections.Select(message => message.GetProperty("trigger").GetProperty("edge_id").GetInt64())];
        long[] reported =
        [
            .. Events.Where(message => message.GetProperty("event").GetString() is "overrun" or "unanswered_edge" or "inference_failed")
                .Select(message => message.GetProperty("edge_id").GetInt64()),
        ];
        return (answered, reported);
    }

    public async ValueTask DisposeAsync()
    {
        _client.Dispose();
        _arrived.Dispose();
        await Task.CompletedTask;
    }

    private static string Describe(Message message) =>
        $"{message.Topic} {(message.Payload.Length < 400 ? System.Text.Encoding.UTF8.GetString(message.Payload.Span) : $"{message.Payload.Length} bytes")}";

    private JsonElement[] Of(string topic) => [.. All.Where(message => message.Topic.EndsWith(topic, StringComparison.Ordinal)).Select(message => message.Json)];
}
