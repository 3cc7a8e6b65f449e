using System.Net;
using System.Text;
using MQTTnet;
using MQTTnet.Protocol;

namespace Yolact.Edge.Messaging.Tests.Faults;

/// <summary>A subscriber whose session the broker keeps: it hears everything at least once, whoever restarts.</summary>
internal sealed class Witness : IAsyncDisposable
{
    private readonly CancellationTokenSource _stop = new();
    private readonly Dictionary<string, List<(string Run, long Number, string Id)>> _heard = new(StringComparer.Ordinal);
    private readonly Task _running;
    private long _count;
    private volatile bool _again;

    public Witness(IPEndPoint broker, string topic) => _running = RunAsync(broker, topic);

    /// <summary>Deliveries, repeated ones too.</summary>
    public long Count => Interlocked.Read(ref _count);

    /// <summary>Becomes true with the first subscription.</summary>
    public TaskCompletionSource Listening { get; } = new(TaskCreationOptions.RunContinuationsAsynchronously);

    /// <summary>What was heard on each topic, in the order of its arrival.</summary>
    public Dictionary<string, List<(string Run, long Number, string Id)>> Heard
    {
        get
        {
            lock (_heard)
                return _heard.ToDictionary(stream => stream.Key, stream => stream.Value.ToList());
        }
    }

    /// <summary>Connects once more. mosquitto 2.0.11 may hold a resumed session's queue back after a restart, until it is resumed again.</summary>
    public void ConnectAgain() => _again = true;

    public async ValueTask DisposeAsync()
    {
        await _stop.CancelAsync();
        await _running;
        _stop.Dispose();
    }

    private async Task RunAsync(IPEndPoint broker, string topic)
    {
        using IMqttClient client = new MqttClientFactory().CreateMqttClient();
        client.ApplicationMessageReceivedAsync += arguments =>
        {
            Hear(arguments.ApplicationMessage);
            return Task.CompletedTask;
        };
        MqttClientOptions options = new MqttClientOptionsBuilder().WithTcpServer(broker.Address.ToString(), broker.Port).WithClientId("witness")
            .WithCleanStart(false).WithSessionExpiryInterval(uint.MaxValue).Build();
        while (!_stop.IsCancellationRequested)
        {
            try
            {
                if (_again && client.IsConnected)
                    await client.DisconnectAsync();
                _again = false;
                if (!client.IsConnected)
                {
                    using var late = new CancellationTokenSource(TimeSpan.FromSeconds(30));
                    await client.ConnectAsync(options, late.Token);
                    await client.SubscribeAsync(topic, MqttQualityOfServiceLevel.AtLeastOnce, late.Token);
                    Listening.TrySetResult();
                }
            }
            catch (Exception e) when (e is not OutOfMemoryException)
            {
                // The broker is being restarted.
            }
            await Task.Delay(50, CancellationToken.None);
        }
    }

    private void Hear(MqttApplicationMessage message)
    {
        string[] words = Encoding.UTF8.GetString(message.Payload).Split(' ');
        string id = message.UserProperties?.Find(property => property.Name == "id") is { } property ? Encoding.UTF8.GetString(property.ValueBuffer.Span) : "";
        // The id in the body is the one that travels beside it.
        if (id != words[2])
            id = $"{words[2]} but {id}";
        lock (_heard)
        {
            if (!_heard.TryGetValue(message.Topic, out List<(string Run, long Number, string Id)>? stream))
                _heard[message.Topic] = stream = [];
            stream.Add((words[0], long.Parse(words[1]), id));
        }
        Interlocked.Increment(ref _count);
    }
}
