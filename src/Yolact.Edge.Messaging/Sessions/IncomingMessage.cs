namespace Yolact.Edge.Messaging.Sessions;

/// <summary>A message from the broker. What MQTT 3.1.1 cannot carry is null or empty there.</summary>
/// <param name="Topic">Its topic.</param>
/// <param name="Payload">Its body, the handler's to keep.</param>
/// <param name="Retained">True where the broker kept it from before: sent again at each connection.</param>
public sealed record IncomingMessage(string Topic, ReadOnlyMemory<byte> Payload, bool Retained)
{
    /// <summary>Where an answer is wanted (MQTT 5); null for nowhere.</summary>
    public string? ResponseTopic { get; init; }

    /// <summary>What an answer is to be marked with (MQTT 5); null for nothing.</summary>
    public byte[]? CorrelationData { get; init; }

    /// <summary>How long the message is worth something, from its arrival on (message expiry, MQTT 5); null for ever.</summary>
    public TimeSpan? Expiry { get; init; }

    /// <summary>When it arrived, as a timestamp of the session's clock.</summary>
    public long ArrivedTicks { get; init; }

    /// <summary>Names and values that came along (MQTT 5), in their order; a name may occur twice.</summary>
    public IReadOnlyList<KeyValuePair<string, string>> UserProperties { get; init; } = [];
}
