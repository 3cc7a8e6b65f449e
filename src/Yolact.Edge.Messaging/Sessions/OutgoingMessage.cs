using Yolact.Edge.Messaging.Payloads;

namespace Yolact.Edge.Messaging.Sessions;

/// <summary>A message on its way to the broker. Owns its payload until the session has sent or dropped it.</summary>
/// <param name="Topic">Full topic.</param>
/// <param name="Type">What it is, for CloudEvents' <c>type</c>: <c>detections</c>, <c>event</c>, <c>health</c>.</param>
/// <param name="Header">Id, source and time, which MQTT 5 carries as CloudEvents properties too.</param>
/// <param name="Payload">The body; given back to its pool by the session.</param>
/// <param name="Promised">True: QoS 1, kept while the broker is away. False: QoS 0, worth little once late.</param>
public readonly record struct OutgoingMessage(string Topic, string Type, MessageHeader Header, PayloadBuffer Payload, bool Promised)
{
    /// <summary>Type of the one kind of message that is no JSON but a JPEG.</summary>
    public const string Evidence = "evidence";

    /// <summary>True where the body is a JPEG.</summary>
    public bool IsPicture => Type == Evidence;
}

/// <summary>Writes a retained message anew for each connection.</summary>
/// <param name="buffer">Is overwritten.</param>
/// <param name="connection">Number of the connection within this run, from 1.</param>
public delegate void StateWriter(PayloadBuffer buffer, long connection);
