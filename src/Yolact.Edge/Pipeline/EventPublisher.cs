using Yolact.Edge.Messaging.Payloads;
using Yolact.Edge.Messaging.Sessions;

namespace Yolact.Edge.Pipeline;

/// <summary>Publishes what happened, as promised messages and in the log. Safe for use from several threads.</summary>
/// <param name="session">The connection.</param>
/// <param name="stamp">Ids and times.</param>
/// <param name="pool">Memory for messages.</param>
/// <param name="logger">The log.</param>
public sealed partial class EventPublisher(MqttSession session, MessageStamp stamp, PayloadPool pool, ILogger<EventPublisher> logger)
{
    /// <summary>Publishes an event.</summary>
    /// <param name="what">What happened.</param>
    /// <param name="severity">How much it matters.</param>
    /// <param name="message">One sentence for a person.</param>
    /// <param name="camera">The camera it is about.</param>
    /// <param name="edge">The edge it is about.</param>
    /// <param name="line">The line it is about.</param>
    /// <param name="count">How many were lost.</param>
    public void Publish(DeviceEvent what, EventSeverity severity, string message, string? camera = null, long? edge = null, string? line = null, long? count = null)
    {
        Log.Happened(logger, severity switch { EventSeverity.Info => LogLevel.Information, EventSeverity.Warning => LogLevel.Warning, _ => LogLevel.Error }, what, message);
        MessageHeader header = stamp.Next();
        PayloadBuffer buffer = pool.Rent();
        PayloadJson.Write(buffer, new EventMessage(header.Id, header.Source, header.Time, what, severity, message, camera, edge, line, count));
        session.Publish(new OutgoingMessage(stamp.Topics.Events, "event", header, buffer, Promised: true));
    }

    private static partial class Log
    {
        [LoggerMessage(EventId = 1, Message = "{What}: {Message}")]
        public static partial void Happened(ILogger logger, LogLevel level, DeviceEvent what, string message);
    }
}
