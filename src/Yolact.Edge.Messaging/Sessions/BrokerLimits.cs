using MQTTnet;
using MQTTnet.Formatter;
using MQTTnet.Packets;
using MQTTnet.Protocol;

namespace Yolact.Edge.Messaging.Sessions;

/// <summary>What the broker of a connection allows. MQTT 3.1.1 brokers say nothing, and are taken at their defaults.</summary>
/// <param name="InFlight">Publishes that may be without an acknowledgement at once.</param>
/// <param name="PacketBytes">The largest packet, in bytes.</param>
/// <param name="KeepAlive">Time without a packet after which the broker gives a client up.</param>
/// <param name="Acknowledges">False where it takes QoS 0 alone: nothing can be promised through it.</param>
/// <param name="Retains">False where it keeps no retained messages.</param>
internal sealed record BrokerLimits(int InFlight, long PacketBytes, TimeSpan KeepAlive, bool Acknowledges, bool Retains)
{
    // MQTT 5, section 3.1.2.11.3: without a receive maximum it is 65,535. More in flight than this speeds nothing up, and is sent twice
    // after a broken link.
    public const int MostInFlight = 32;

    // MQTT, section 2.1.4: the longest remaining length, and its fixed header.
    private const long LongestPacket = 268_435_455 + 5;

    // Packet identifier, lengths, content type, payload format, message expiry: what does not depend on the message.
    private const int FixedPacketBytes = 64;

    // MQTT 5, section 2.2.2.2: identifier of a user property, and a length before each of its strings.
    private const int PropertyBytes = 5;

    /// <summary>Limits of a broker that has just accepted a connection.</summary>
    public static BrokerLimits Of(MqttClientConnectResult result, MqttProtocolVersion version, TimeSpan keepAlive)
    {
        if (version != MqttProtocolVersion.V500)
            return new BrokerLimits(MostInFlight, LongestPacket, keepAlive, true, true);
        return new BrokerLimits(
            result.ReceiveMaximum is > 0 and < MostInFlight and var most ? most : MostInFlight,
            result.MaximumPacketSize is > 0 and var bytes ? bytes : LongestPacket,
            result.ServerKeepAlive > 0 ? TimeSpan.FromSeconds(Math.Min(result.ServerKeepAlive, keepAlive.TotalSeconds)) : keepAlive,
            result.MaximumQoS != MqttQualityOfServiceLevel.AtMostOnce,
            result.RetainAvailable);
    }

    /// <summary>At most so many bytes a message takes on the wire.</summary>
    public static long SizeOf(MqttApplicationMessage message)
    {
        long size = FixedPacketBytes + message.Topic.Length + message.Payload.Length;
        foreach (MqttUserProperty property in message.UserProperties ?? [])
            size += PropertyBytes + property.Name.Length + property.ValueBuffer.Length;
        return size;
    }
}
