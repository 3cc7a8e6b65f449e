using System.Buffers;
using System.Globalization;
using System.Text;
using System.Threading.Channels;
using MQTTnet;
using MQTTnet.Formatter;
using MQTTnet.Packets;
using MQTTnet.Protocol;

namespace Yolact.Edge.Messaging.Sessions;

/// <summary>Answers, which go out before everything that nobody is waiting for.</summary>
public sealed partial class MqttSession
{
    private const int WaitingAnswers = 64;

    // Whoever asked has given up by then.
    private const uint AnswerExpiryS = 60;

    private readonly Channel<Answer> _answers = Channel.CreateBounded<Answer>(
        new BoundedChannelOptions(WaitingAnswers) { FullMode = BoundedChannelFullMode.DropOldest, SingleReader = true },
        dropped => dropped.Payload.Dispose());

    /// <summary>Hands an answer in; the session owns its payload from now on. Never waits; of more than 64 that wait the oldest makes room.</summary>
    /// <param name="answer">The answer.</param>
    public void Send(Answer answer)
    {
        ArgumentNullException.ThrowIfNull(answer);
        _answers.Writer.TryWrite(answer);
        _queues.Wake();
    }

    private void SendAnswer(Answer answer, CancellationToken cancellation)
    {
        MqttApplicationMessage message = Wrap(answer);
        if (BrokerLimits.SizeOf(message) > _limits.PacketBytes)
        {
            answer.Payload.Dispose();
            Refuse(answer.Topic, $"The broker takes {_limits.PacketBytes} bytes at most.");
            return;
        }
        _window.Add(new InFlight(answer.Topic, null, _clock.GetTimestamp(), PublishAsync(message, answer.Payload, cancellation)));
    }

    private MqttApplicationMessage Wrap(Answer answer)
    {
        var wrapped = new MqttApplicationMessage
        {
            Topic = answer.Topic,
            Payload = new ReadOnlySequence<byte>(answer.Payload.WrittenMemory),
            QualityOfServiceLevel = MqttQualityOfServiceLevel.AtLeastOnce,
        };
        if (_version != MqttProtocolVersion.V500)
            return wrapped;
        wrapped.ContentType = answer.ContentType;
        wrapped.PayloadFormatIndicator =
            answer.ContentType == ContentType ? MqttPayloadFormatIndicator.CharacterData : MqttPayloadFormatIndicator.Unspecified;
        wrapped.MessageExpiryInterval = AnswerExpiryS;
        wrapped.CorrelationData = answer.CorrelationData;
        wrapped.UserProperties =
        [
            Text("specversion", "1.0"),
            Text("id", answer.Header.Id),
            Text("source", answer.Header.Source),
            Text("type", $"yolact.{answer.Type}.v1"),
            Text("time", answer.Header.Time.Utc.ToString("O", CultureInfo.InvariantCulture)),
            .. answer.Properties.Select(property => Text(property.Key, property.Value)),
        ];
        return wrapped;
    }

    private static MqttUserProperty Text(string name, string value) => new(name, (ReadOnlyMemory<byte>)Encoding.UTF8.GetBytes(value));
}
