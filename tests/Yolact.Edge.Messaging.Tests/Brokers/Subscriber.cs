using System.Net;
using System.Text;
using System.Threading.Channels;
using MQTTnet;
using MQTTnet.Formatter;
using MQTTnet.Protocol;

namespace Yolact.Edge.Messaging.Tests.Brokers;

/// <summary>Hears everything below a topic, and says things.</summary>
internal sealed class Subscriber : IAsyncDisposable
{
    private readonly IMqttClient _client = new MqttClientFactory().CreateMqttClient();
    private readonly Channel<Heard> _heard = Channel.CreateUnbounded<Heard>();

    public static async Task<Subscriber> StartAsync(EndPoint broker, string topic = "#", MqttProtocolVersion version = MqttProtocolVersion.V500, string? clientId = null)
    {
        var subscriber = new Subscriber();
        subscriber._client.ApplicationMessageReceivedAsync += arguments =>
        {
            MqttApplicationMessage message = arguments.ApplicationMessage;
            subscriber._heard.Writer.TryWrite(new Heard(
                message.Topic, Encoding.UTF8.GetString(message.Payload), message.Retain, message.QualityOfServiceLevel,
                message.UserProperties?.ToDictionary(p => p.Name, p => Encoding.UTF8.GetString(p.ValueBuffer.Span)) ?? []));
            return Task.CompletedTask;
        };
        await subscriber._client.ConnectAsync(new MqttClientOptions
        {
            ProtocolVersion = version,
            ClientId = clientId ?? Guid.NewGuid().ToString("N"),
            ChannelOptions = new MqttClientTcpOptions { RemoteEndpoint = broker },
        });
        await subscriber._client.SubscribeAsync(topic, MqttQualityOfServiceLevel.AtLeastOnce);
        return subscriber;
    }

    public Task SayAsync(string topic, string payload, Action<MqttApplicationMessageBuilder>? more = null)
    {
        MqttApplicationMessageBuilder message = new MqttApplicationMessageBuilder()
            .WithTopic(topic).WithPayload(payload).WithQualityOfServiceLevel(MqttQualityOfServiceLevel.AtLeastOnce);
        more?.Invoke(message);
        return _client.PublishAsync(message.Build());
    }

    public async Task<Heard> NextAsync(Func<Heard, bool>? which = null)
    {
        using var patience = new CancellationTokenSource(TimeSpan.FromSeconds(60));
        while (true)
        {
            Heard heard = await _heard.Reader.ReadAsync(patience.Token);
            if (which is null || which(heard))
                return heard;
        }
    }

    public ValueTask DisposeAsync()
    {
        _client.Dispose();
        return ValueTask.CompletedTask;
    }
}

internal sealed record Heard(
    string Topic, string Payload, bool Retained, MqttQualityOfServiceLevel Quality, IReadOnlyDictionary<string, string> Properties);
