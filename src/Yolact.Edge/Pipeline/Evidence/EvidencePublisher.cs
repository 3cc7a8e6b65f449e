using System.Buffers;
using System.Globalization;
using Yolact.Edge.Messaging.Payloads;
using Yolact.Edge.Messaging.Payloads.Detections;
using Yolact.Edge.Messaging.Sessions;
using Yolact.Edge.Vision.Drawing;

namespace Yolact.Edge.Pipeline.Evidence;

/// <summary>
/// Publishes frames as pictures where that is wanted. Each bears in its JPEG comment the id of the detections message of the same frame, the camera
/// and the frame's number. One thread at a time.
/// </summary>
/// <param name="options">Which frames, and how.</param>
/// <param name="session">The connection.</param>
/// <param name="stamp">Ids and times.</param>
/// <param name="pool">Memory for messages.</param>
/// <param name="counters">What is counted.</param>
/// <param name="clock">Measures.</param>
public sealed class EvidencePublisher(
    EvidenceOptions options, MqttSession session, MessageStamp stamp, PayloadPool pool, PipelineCounters counters, TimeProvider clock)
{
    private long? _last;

    /// <summary>Publishes a frame's picture, where it is wanted.</summary>
    /// <param name="camera">Name of the camera.</param>
    /// <param name="result">What was seen.</param>
    /// <param name="outcomes">What the rules made of it.</param>
    /// <param name="message">Id of the frame's detections message.</param>
    public void Publish(string camera, in FrameResult result, ReadOnlySpan<RuleOutcome> outcomes, string message)
    {
        if (!IsWanted(outcomes) || result.Picture is not { } picture)
            return;
        long now = clock.GetTimestamp();
        if (_last is { } last && clock.GetElapsedTime(last, now).TotalMilliseconds < options.IntervalMs)
            return;
        _last = now;
        using var drawn = Overlay.Draw(picture, options.Overlay ? result.Detections.Items : [], result.Recipe.Labels);
        string comment = string.Create(CultureInfo.InvariantCulture,
            $$"""{"detections":"{{message}}","camera":"{{camera}}","sequence":{{result.Sequence}},"overlay":{{(options.Overlay ? "true" : "false")}}}""");
        if (EvidencePicture.Encode(drawn, options.Quality, comment, options.MaxBytes) is not { } file)
        {
            counters.CountEvidenceLeftOut();
            return;
        }
        PayloadBuffer buffer = pool.Rent();
        buffer.Write(file);
        session.Publish(new OutgoingMessage(stamp.Topics.Evidence(camera), OutgoingMessage.Evidence, stamp.Next(), buffer, options.Promised));
    }

    private bool IsWanted(ReadOnlySpan<RuleOutcome> outcomes)
    {
        if (options.Frames != EvidenceFrames.RuleMet)
            return options.Frames == EvidenceFrames.All;
        foreach (RuleOutcome outcome in outcomes)
        {
            if (outcome.Met)
                return true;
        }
        return false;
    }
}
