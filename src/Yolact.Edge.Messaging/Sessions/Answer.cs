using Yolact.Edge.Messaging.Payloads;

namespace Yolact.Edge.Messaging.Sessions;

/// <summary>
/// A message to somebody who asked for it: at QoS 1, out of memory, forgotten when the connection breaks before the broker has it. Whoever
/// still wants it asks again. Owns its payload until the session has sent or dropped it.
/// </summary>
/// <param name="Topic">Full topic.</param>
/// <param name="Type">What it is, for CloudEvents' <c>type</c>.</param>
/// <param name="Header">Id, source and time, which go along as CloudEvents properties.</param>
/// <param name="Payload">The body; given back to its pool by the session.</param>
public sealed record Answer(string Topic, string Type, MessageHeader Header, PayloadBuffer Payload)
{
    /// <summary>What the request was marked with; null (the default) for nothing.</summary>
    public byte[]? CorrelationData { get; init; }

    /// <summary>Media type of the body.</summary>
    public string ContentType { get; init; } = MqttSession.ContentType;

    /// <summary>More user properties.</summary>
    public IReadOnlyList<KeyValuePair<string, string>> Properties { get; init; } = [];
}
