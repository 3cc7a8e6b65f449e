using System.Buffers;
using MQTTnet;
using MQTTnet.Formatter;
using MQTTnet.Protocol;
using Yolact.Edge.Messaging.Outbox;
using Yolact.Edge.Messaging.Payloads;

namespace Yolact.Edge.Messaging.Sessions;

/// <summary>Sending, while there is a connection.</summary>
public sealed partial class MqttSession
{
    private async Task SendAsync(CancellationToken cancellation)
    {
        // A stop waits for the message under way: breaking a write off would break the connection, and what waits behind it.
        using var gone = new CancellationTokenSource();
        using var lost = CancellationTokenSource.CreateLinkedTokenSource(cancellation, gone.Token);
        // What the library told while this connection was made was about the one before.
        if (_client.IsConnected && _farewell.Reason.IsCompleted)
            _farewell = new Farewell();
        Farewell farewell = _farewell;
        Task parting = PartAsync(farewell, gone, lost.Token);
        Task watch = WatchAsync(gone, lost.Token);
        try
        {
            while (_client.IsConnected && !cancellation.IsCancellationRequested)
            {
                if (!await SubscribeNextAsync(gone.Token) && !await SendNextAsync(gone.Token))
                    await _queues.WaitAsync(lost.Token);
            }
            await HearWhyAsync(farewell);
        }
        catch (Exception) when (cancellation.IsCancellationRequested)
        {
            // Whatever the library makes of it: what was under way is sent again when the session is closed.
        }
        catch (Exception e) when (e is not OutOfMemoryException)
        {
            await HearWhyAsync(farewell);
            Problem ??= ConnectionProblem.Describe(e);
            await AbandonAsync();
        }
        if (cancellation.IsCancellationRequested)
        {
            await lost.CancelAsync();
            await Task.WhenAll(watch, parting);
            return;
        }
        await gone.CancelAsync();
        await Task.WhenAll(watch, parting);
        Log.ConnectionLost(_logger, BrokerAddress.Of(_broker), Problem ?? "no reason given");
    }

    private async Task HearWhyAsync(Farewell farewell)
    {
        if (_client.IsConnected || Problem is not null)
            return;
        await Task.WhenAny(farewell.Reason, Task.Delay(ReasonPatience, _clock));
        if (farewell.Reason.IsCompletedSuccessfully)
            Problem ??= await farewell.Reason;
    }

    private static async Task PartAsync(Farewell farewell, CancellationTokenSource gone, CancellationToken cancellation)
    {
        try
        {
            await farewell.Reason.WaitAsync(cancellation);
            await gone.CancelAsync();
        }
        catch (OperationCanceledException)
        {
            // The connection ended otherwise.
        }
    }

    private async Task WatchAsync(CancellationTokenSource gone, CancellationToken cancellation)
    {
        try
        {
            string dead = await new LinkProbe(_client, _window, _limits.KeepAlive, TimeSpan.FromSeconds(_options.TimeoutS), _clock).RunAsync(cancellation);
            Problem ??= dead;
            await gone.CancelAsync();
        }
        catch (OperationCanceledException)
        {
            // The connection ended otherwise.
        }
    }

    // Until nothing waits and everything is acknowledged.
    private async Task DrainAsync(CancellationToken cancellation)
    {
        while (_client.IsConnected)
        {
            if (await SendNextAsync(cancellation))
                continue;
            if (_window.Count == 0)
                return;
            await _queues.WaitAsync(cancellation);
        }
    }

    private async Task<bool> SubscribeNextAsync(CancellationToken cancellation)
    {
        if (!_inbox.TryTakeUnsent(out Subscription subscription))
            return false;
        // A link that breaks here takes nothing with it: each connection subscribes anew.
        MqttClientSubscribeResult result = await _client.SubscribeAsync(subscription.Filter, MqttQualityOfServiceLevel.AtLeastOnce, cancellation);
        foreach (MqttClientSubscribeResultItem item in result.Items)
        {
            if (item.ResultCode > MqttClientSubscribeResultCode.GrantedQoS2)
                Log.SubscriptionRefused(_logger, subscription.Filter, item.ResultCode, result.ReasonString);
            else
                Interlocked.Increment(ref _granted);
        }
        return true;
    }

    // Whatever is next: answers of the broker, state, promised messages as far as the broker wants more of them, live ones.
    private async Task<bool> SendNextAsync(CancellationToken cancellation)
    {
        bool settled = false;
        while (_window.TryTakeSettled(out InFlight publish))
        {
            await SettleAsync(publish);
            settled = true;
        }
        if (_window.Count < _limits.InFlight)
        {
            if (_queues.TryTakeState(out string topic, out StateWriter write))
            {
                SendState(topic, write, cancellation);
                return true;
            }
            if (_answers.Reader.TryRead(out Answer? answer))
            {
                SendAnswer(answer, cancellation);
                return true;
            }
            if (_outbox.TryTake(out Promise promise))
            {
                SendPromised(promise, cancellation);
                return true;
            }
        }
        if (!_queues.TryTakeLive(out OutgoingMessage live))
            return settled;
        using PayloadBuffer payload = live.Payload;
        MqttApplicationMessage message = Wrap(live);
        if (BrokerLimits.SizeOf(message) > _limits.PacketBytes)
            Refuse(live.Topic, TooLarge());
        else if ((await _client.PublishAsync(message, cancellation)).IsSuccess)
            Interlocked.Increment(ref _published);
        return true;
    }

    private void SendState(string topic, StateWriter write, CancellationToken cancellation)
    {
        PayloadBuffer buffer = _pool.Rent();
        write(buffer, Connections);
        var message = new MqttApplicationMessage
        {
            Topic = topic,
            Payload = new ReadOnlySequence<byte>(buffer.WrittenMemory),
            QualityOfServiceLevel = MqttQualityOfServiceLevel.AtLeastOnce,
            Retain = _limits.Retains,
            ContentType = ContentType,
        };
        _window.Add(new InFlight(topic, null, _clock.GetTimestamp(), PublishAsync(message, buffer, cancellation)));
    }

    private void SendPromised(in Promise promise, CancellationToken cancellation)
    {
        MqttApplicationMessage message = Wrap(promise.Message);
        if (BrokerLimits.SizeOf(message) > _limits.PacketBytes)
        {
            // Everything before it has to be settled first; its answer is known already.
            promise.Message.Payload.Dispose();
            var tooLarge = new MqttClientPublishResult(null, (MqttClientPublishReasonCode)MqttClientDisconnectReason.PacketTooLarge, TooLarge(), []);
            _window.Add(new InFlight(promise.Message.Topic, promise, _clock.GetTimestamp(), Task.FromResult(tooLarge)));
            return;
        }
        _window.Add(new InFlight(promise.Message.Topic, promise, _clock.GetTimestamp(), PublishAsync(message, promise.Message.Payload, cancellation)));
    }

    // The library puts publishes on the wire in the order of these calls.
    private async Task<MqttClientPublishResult> PublishAsync(MqttApplicationMessage message, PayloadBuffer payload, CancellationToken cancellation)
    {
        try
        {
            return await _client.PublishAsync(message, cancellation);
        }
        finally
        {
            payload.Dispose();
            _queues.Wake();
        }
    }

    private async Task SettleAsync(InFlight publish)
    {
        MqttClientPublishResult result = await publish.Result;
        if (result.ReasonCode == MqttClientPublishReasonCode.QuotaExceeded)
            throw new QuotaExceededException();
        if (result.IsSuccess)
        {
            Interlocked.Increment(ref _published);
            _delay.Reset();
            if (publish.Promise is { } kept)
                _outbox.Acknowledge(kept.Sequence);
            return;
        }
        // The broker has decided: sending it again would block everything behind it.
        string why = result.ReasonString is { Length: > 0 } reason ? $"{Words(result.ReasonCode)} {reason}" : Words(result.ReasonCode);
        Refuse(publish.Topic, why);
        if (publish.Promise is { } refused)
            _outbox.Refuse(refused, why);
    }

    private static string Words(MqttClientPublishReasonCode code) => code switch
    {
        MqttClientPublishReasonCode.NotAuthorized => "this device may not publish there.",
        MqttClientPublishReasonCode.TopicNameInvalid => "it does not accept the topic.",
        MqttClientPublishReasonCode.PayloadFormatInvalid => "it does not accept the payload.",
        (MqttClientPublishReasonCode)MqttClientDisconnectReason.PacketTooLarge => "it is too large.",
        _ => $"{code}.",
    };

    private string TooLarge() => $"The broker takes {_limits.PacketBytes} bytes at most: set detections/max_bytes below that.";

    private void Refuse(string topic, string why)
    {
        Interlocked.Increment(ref _refused);
        Log.Refused(_logger, topic, why);
    }

    private MqttApplicationMessage Wrap(in OutgoingMessage message) =>
        _version == MqttProtocolVersion.V500 ? MessageWrapper.WrapV5(message, _options.LiveExpiryS) : MessageWrapper.Wrap(message);
}
