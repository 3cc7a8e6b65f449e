using System.Buffers;
using System.Collections.Concurrent;
using System.Globalization;
using System.Text;
using MQTTnet;
using MQTTnet.Packets;
using MQTTnet.Protocol;

namespace Yolact.Edge.Messaging.Sessions;

/// <summary>What the MQTT library sends for a message.</summary>
internal static class MessageWrapper
{
    private static readonly ReadOnlyMemory<byte> SpecVersion = "1.0"u8.ToArray();

    // A handful: detections, event, health and the like.
    private static readonly ConcurrentDictionary<string, ReadOnlyMemory<byte>> Types = new(StringComparer.Ordinal);

    /// <summary>A message with what MQTT 5 can say about it.</summary>
    /// <param name="message">The message; its payload is not copied.</param>
    /// <param name="liveExpiryS">Seconds after which a live message is worthless.</param>
    public static MqttApplicationMessage WrapV5(in OutgoingMessage message, int liveExpiryS)
    {
        MqttApplicationMessage wrapped = Wrap(message);
        wrapped.ContentType = message.IsPicture ? "image/jpeg" : MqttSession.ContentType;
        wrapped.PayloadFormatIndicator = message.IsPicture ? MqttPayloadFormatIndicator.Unspecified : MqttPayloadFormatIndicator.CharacterData;
        if (!message.Promised)
            wrapped.MessageExpiryInterval = (uint)liveExpiryS;
        // CloudEvents 1.0, MQTT protocol binding 1.0.2, section 3.1 (binary mode).
        wrapped.UserProperties =
        [
            new MqttUserProperty("specversion", SpecVersion),
            Property("id", message.Header.Id),
            Property("source", message.Header.Source),
            new MqttUserProperty("type", Types.GetOrAdd(message.Type, static type => Encoding.UTF8.GetBytes($"yolact.{type}.v1"))),
            Property("time", message.Header.Time.Utc.ToString("O", CultureInfo.InvariantCulture)),
        ];
        return wrapped;
    }

    /// <summary>A message as MQTT 3.1.1 has it.</summary>
    /// <param name="message">The message; its payload is not copied.</param>
    public static MqttApplicationMessage Wrap(in OutgoingMessage message) => new()
    {
        Topic = message.Topic,
        Payload = new ReadOnlySequence<byte>(message.Payload.WrittenMemory),
        QualityOfServiceLevel = message.Promised ? MqttQualityOfServiceLevel.AtLeastOnce : MqttQualityOfServiceLevel.AtMostOnce,
    };

    private static MqttUserProperty Property(string name, string value) => new(name, (ReadOnlyMemory<byte>)Encoding.UTF8.GetBytes(value));
}
