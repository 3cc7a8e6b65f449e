using Yolact.Edge.Imaging;
using Yolact.Edge.Messaging.Payloads;
using Yolact.Edge.Messaging.Payloads.Detections;
using Yolact.Edge.Messaging.Sessions;

namespace Yolact.Edge.Pipeline;

/// <summary>Writes the message of a frame and hands it to the connection. One thread at a time.</summary>
/// <param name="options">What messages hold.</param>
/// <param name="session">The connection.</param>
/// <param name="stamp">Ids and times.</param>
/// <param name="pool">Memory for messages.</param>
/// <param name="model">The network.</param>
/// <param name="configVersion">The configuration in force.</param>
/// <param name="triggerLine">Name of the trigger line; empty for software triggers.</param>
/// <param name="clock">The clock of frames and edges.</param>
public sealed class DetectionPublisher(DetectionsOptions options, MqttSession session, MessageStamp stamp, PayloadPool pool, ModelTrace model,
    string configVersion, string triggerLine, TimeProvider clock)
{
    private readonly DetectionsWriter _writer = new(options);

    /// <summary>Publishes what was seen in a frame: promised where an edge asked for it, live otherwise. Never waits.</summary>
    /// <param name="camera">Name of the camera.</param>
    /// <param name="result">What was seen.</param>
    /// <param name="outcomes">What the rules made of it.</param>
    /// <param name="rules">Time that the rules took.</param>
    /// <param name="done">Called once: when a promised message is kept, on another thread; at once for a live one.</param>
    /// <returns>Id of the message.</returns>
    public string Publish(string camera, in FrameResult result, ReadOnlySpan<RuleOutcome> outcomes, TimeSpan rules, Action done)
    {
        MessageHeader header = stamp.Next();
        PayloadBuffer buffer = pool.Rent();
        _writer.Write(
            new DetectionsMessage
            {
                Header = header,
                Camera = camera,
                Frame = new FrameTrace(result.Sequence, result.Width, result.Height, result.Time),
                Trigger = result.Captured.Edge is { } edge ? new EdgeTrace(edge.Id, edge.Time, triggerLine, result.Captured.Index) : null,
                Model = model,
                ConfigVersion = configVersion,
                Stages = result.Stages with { Rules = rules, Total = MonotonicTime.Now(clock) - result.Time.ExposureStart },
                Objects = result.Detections.Items,
                Results = outcomes,
            },
            buffer);
        bool promised = result.Captured.Edge is not null;
        session.Publish(new OutgoingMessage(stamp.Topics.Detections(camera), "detections", header, buffer, promised), done);
        return header.Id;
    }
}
