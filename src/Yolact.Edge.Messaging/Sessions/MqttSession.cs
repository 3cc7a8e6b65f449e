using System.Buffers;
using System.Globalization;
using System.Net;
using System.Text;
using Microsoft.Extensions.Logging;
using MQTTnet;
using MQTTnet.Formatter;
using MQTTnet.Packets;
using MQTTnet.Protocol;
using Yolact.Edge.Messaging.Payloads;

namespace Yolact.Edge.Messaging.Sessions;

/// <summary>
/// The one owner of the connection to the broker. Anyone hands messages in, at any time; <see cref="RunAsync"/> connects, sends, notices
/// a dead link, and connects again with growing, random pauses. An absent broker is normal. Promised messages are sent in order and
/// again until acknowledged, as long as this process lives and their queue has room.
/// </summary>
public sealed partial class MqttSession : IAsyncDisposable
{
    internal const string ContentType = "application/json";

    private readonly MqttOptions _options;
    private readonly EndPoint _broker;
    private readonly string _clientId;
    private readonly string _willTopic;
    private readonly StateWriter _will;
    private readonly PayloadPool _pool;
    private readonly TimeProvider _clock;
    private readonly ILogger _logger;
    private readonly OutgoingQueues _queues;
    private readonly Inbox _inbox;
    private readonly IMqttClient _client = new MqttClientFactory().CreateMqttClient();
    private readonly ReconnectDelay _delay;
    private MqttProtocolVersion _version;
    private OutgoingMessage? _unacknowledged;
    private long _connections;
    private long _published;
    private long _refused;
    private volatile string? _certificateProblem;

    /// <summary>A session that is not connected yet.</summary>
    /// <param name="options">Valid options.</param>
    /// <param name="broker">Where the broker listens.</param>
    /// <param name="clientId">Client id.</param>
    /// <param name="willTopic">Topic of the last will.</param>
    /// <param name="will">Writes the last will of a connection.</param>
    /// <param name="pool">Memory for state messages.</param>
    /// <param name="clock">Measures the pauses.</param>
    /// <param name="logger">Takes what happens to the connection.</param>
    public MqttSession(
        MqttOptions options, EndPoint broker, string clientId, string willTopic, StateWriter will, PayloadPool pool, TimeProvider clock, ILogger logger)
    {
        ArgumentNullException.ThrowIfNull(options);
        (_options, _broker, _clientId, _willTopic, _will, _pool, _clock, _logger) =
            (options, broker, clientId, willTopic, will, pool, clock, logger);
        _queues = new OutgoingQueues(options.PromisedQueue, options.LiveQueue);
        _inbox = new Inbox(clock, logger);
        _client.ApplicationMessageReceivedAsync += arguments =>
        {
            _inbox.Receive(arguments.ApplicationMessage);
            return Task.CompletedTask;
        };
        _delay = new ReconnectDelay(TimeSpan.FromSeconds(options.ReconnectMaxS), Random.Shared.NextDouble);
        _version = options.Version == MqttVersion.V311 ? MqttProtocolVersion.V311 : MqttProtocolVersion.V500;
    }

    /// <summary>True while the broker answers.</summary>
    public bool IsConnected => _client.IsConnected;

    /// <summary>Why there is no connection; null while there is one, or before the first try.</summary>
    public string? Problem { get; private set; }

    /// <summary>Connections made in this run.</summary>
    public long Connections => Interlocked.Read(ref _connections);

    /// <summary>Messages sent (and acknowledged, where promised).</summary>
    public long Published => Interlocked.Read(ref _published);

    /// <summary>Messages that the broker refused for good (topic not allowed, too large).</summary>
    public long Refused => Interlocked.Read(ref _refused);

    /// <summary>Promised messages that made room for later ones.</summary>
    public long DroppedPromised => _queues.DroppedPromised;

    /// <summary>Live messages that made room for later ones, or that no broker was there for.</summary>
    public long DroppedLive => _queues.DroppedLive;

    /// <summary>Promised messages that wait.</summary>
    public int WaitingPromised => _queues.Promised + (_unacknowledged is null ? 0 : 1);

    /// <summary>Live messages that wait.</summary>
    public int WaitingLive => _queues.Live;

    /// <summary>Messages received for a subscription.</summary>
    public long Received => _inbox.Received;

    /// <summary>Received messages that were too large, or gave way to later ones.</summary>
    public long RefusedIncoming => _inbox.Refused;

    /// <summary>True where the connection can carry requests and responses: MQTT 5.</summary>
    public bool CarriesRequests => _version == MqttProtocolVersion.V500;

    /// <summary>Hands a message in; the session owns its payload from now on. Never waits.</summary>
    /// <param name="message">The message.</param>
    public void Publish(in OutgoingMessage message) => _queues.Add(message);

    /// <summary>Sets what a retained topic says from now on; it is sent now and after each reconnection.</summary>
    /// <param name="topic">Full topic.</param>
    /// <param name="write">Writes the message.</param>
    public void SetState(string topic, StateWriter write) => _queues.SetState(topic, write);

    /// <summary>Listens to a topic from now on, at QoS 1, and again after each reconnection: a retained message comes each time.</summary>
    /// <param name="subscription">What to listen to, and who handles it.</param>
    /// <exception cref="ArgumentException">No topic filter, or a size that is out of range.</exception>
    public void Subscribe(Subscription subscription)
    {
        ArgumentNullException.ThrowIfNull(subscription);
        MqttTopicValidator.ThrowIfInvalidSubscribe(subscription.Filter);
        ArgumentOutOfRangeException.ThrowIfLessThan(subscription.MaxBytes, 1, nameof(subscription));
        ArgumentOutOfRangeException.ThrowIfLessThan(subscription.Capacity, 1, nameof(subscription));
        ArgumentOutOfRangeException.ThrowIfGreaterThan(subscription.Capacity, 1024, nameof(subscription));
        _inbox.Add(subscription);
        _queues.Wake();
    }

    /// <summary>Connects and sends until cancelled. Never throws for the broker's sake.</summary>
    /// <param name="cancellation">Ends it; what waits stays in the queues.</param>
    public async Task RunAsync(CancellationToken cancellation)
    {
        while (!cancellation.IsCancellationRequested)
        {
            try
            {
                if (await ConnectAsync(cancellation))
                    await SendAsync(cancellation);
                _queues.DropLive();
                await Task.Delay(_delay.Next(), _clock, cancellation);
            }
            catch (OperationCanceledException) when (cancellation.IsCancellationRequested)
            {
                return;
            }
        }
    }

    /// <summary>Sends what waits, says goodbye with a last state, and closes the connection in order. Call after <see cref="RunAsync"/> ended.</summary>
    /// <param name="goodbye">Writes the last state of the will's topic.</param>
    /// <param name="cancellation">Ends it early.</param>
    /// <returns>Promised messages that could not be sent.</returns>
    public async Task<int> CloseAsync(StateWriter goodbye, CancellationToken cancellation)
    {
        try
        {
            if (_client.IsConnected)
            {
                await DrainAsync(cancellation);
                _queues.SetState(_willTopic, goodbye);
                await DrainAsync(cancellation);
                await _client.DisconnectAsync(new MqttClientDisconnectOptions(), cancellation);
            }
        }
        catch (Exception e) when (e is not OutOfMemoryException)
        {
            Log.CloseFailed(_logger, ConnectionProblem.Describe(e));
        }
        return WaitingPromised;
    }

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        _client.Dispose();
        await _inbox.DisposeAsync();
    }

    private async Task<bool> ConnectAsync(CancellationToken cancellation)
    {
        long connection = Connections + 1;
        _certificateProblem = null;
        try
        {
            using PayloadBuffer will = _pool.Rent();
            _will(will, connection);
            MqttClientOptions options =
                ClientOptions.Create(_options, _clientId, _broker, _version, _willTopic, will, problem => _certificateProblem = problem);
            MqttClientConnectResult result = await _client.ConnectAsync(options, cancellation);
            if (result.ResultCode != MqttClientConnectResultCode.Success)
            {
                Fail(ConnectionProblem.Describe(result.ResultCode, result.ReasonString),
                    result.ResultCode == MqttClientConnectResultCode.UnsupportedProtocolVersion);
                return false;
            }
        }
        catch (Exception) when (cancellation.IsCancellationRequested)
        {
            return false;
        }
        catch (Exception e) when (e is not OutOfMemoryException)
        {
            Fail(_certificateProblem ?? ConnectionProblem.Describe(e), _certificateProblem is null && ConnectionProblem.MayBeVersion(e));
            return false;
        }
        Interlocked.Increment(ref _connections);
        Problem = null;
        Log.Connected(_logger, _broker, _version == MqttProtocolVersion.V500 ? "5" : "3.1.1");
        _queues.RenewState();
        _inbox.Renew();
        return true;
    }

    private void Fail(string problem, bool mayBeVersion)
    {
        // Said once, not every half minute of a night without a broker.
        if (Problem != problem)
            Log.NotConnected(_logger, _broker, problem);
        Problem = problem;
        if (mayBeVersion && _options.Version == MqttVersion.Auto)
            _version = _version == MqttProtocolVersion.V500 ? MqttProtocolVersion.V311 : MqttProtocolVersion.V500;
    }

    private async Task SendAsync(CancellationToken cancellation)
    {
        // A stop waits for the message under way: breaking a write off would break the connection, and what waits behind it.
        using var gone = new CancellationTokenSource();
        using var lost = CancellationTokenSource.CreateLinkedTokenSource(cancellation, gone.Token);
        Task OnDisconnected(MqttClientDisconnectedEventArgs arguments)
        {
            Problem = arguments.ReasonString is { Length: > 0 } reason ? $"the broker closed the connection: {reason}"
                : arguments.Exception is { } error ? ConnectionProblem.Describe(error) : $"the connection ended ({arguments.Reason})";
            return gone.CancelAsync();
        }
        _client.DisconnectedAsync += OnDisconnected;
        try
        {
            while (_client.IsConnected && !cancellation.IsCancellationRequested)
            {
                if (await SubscribeNextAsync(gone.Token) || await SendNextAsync(gone.Token))
                    _delay.Reset();
                else
                    await _queues.WaitAsync(lost.Token);
            }
        }
        catch (Exception) when (cancellation.IsCancellationRequested)
        {
            // Whatever the library makes of it: what was under way is sent again when the session is closed.
        }
        catch (Exception e) when (e is not OutOfMemoryException)
        {
            Problem ??= ConnectionProblem.Describe(e);
            await AbandonAsync();
        }
        finally
        {
            _client.DisconnectedAsync -= OnDisconnected;
        }
        if (!cancellation.IsCancellationRequested)
            Log.ConnectionLost(_logger, _broker, Problem ?? "no reason given");
    }

    // A link that does not acknowledge in time is dead, whatever TCP says.
    private async Task AbandonAsync()
    {
        try
        {
            if (_client.IsConnected)
                await _client.DisconnectAsync(new MqttClientDisconnectOptions { Reason = MqttClientDisconnectOptionsReason.UnspecifiedError }, CancellationToken.None);
        }
        catch (Exception e) when (e is not OutOfMemoryException)
        {
            Log.CloseFailed(_logger, ConnectionProblem.Describe(e));
        }
    }

    private async Task DrainAsync(CancellationToken cancellation)
    {
        while (await SendNextAsync(cancellation))
        {
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
        }
        return true;
    }

    private async Task<bool> SendNextAsync(CancellationToken cancellation)
    {
        if (_queues.TryTakeState(out string topic, out StateWriter write))
        {
            try
            {
                using PayloadBuffer buffer = _pool.Rent();
                write(buffer, Connections);
                await SendAsync(new MqttApplicationMessage
                {
                    Topic = topic,
                    Payload = new ReadOnlySequence<byte>(buffer.WrittenMemory),
                    QualityOfServiceLevel = MqttQualityOfServiceLevel.AtLeastOnce,
                    Retain = true,
                    ContentType = ContentType,
                }, cancellation);
            }
            catch
            {
                _queues.SetState(topic, write);
                throw;
            }
            return true;
        }
        if (_unacknowledged is null && _queues.TryTake(out OutgoingMessage next))
            _unacknowledged = next;
        if (_unacknowledged is not { } message)
            return false;
        try
        {
            await SendAsync(Wrap(message), cancellation);
        }
        catch when (!message.Promised)
        {
            Forget(message);
            throw;
        }
        Forget(message);
        return true;
    }

    private void Forget(in OutgoingMessage message)
    {
        _unacknowledged = null;
        message.Payload.Dispose();
    }

    private async Task SendAsync(MqttApplicationMessage message, CancellationToken cancellation)
    {
        MqttClientPublishResult result = await _client.PublishAsync(message, cancellation);
        if (result.IsSuccess)
        {
            Interlocked.Increment(ref _published);
            return;
        }
        // The broker has decided: sending it again would block everything behind it.
        Interlocked.Increment(ref _refused);
        Log.Refused(_logger, message.Topic, result.ReasonCode, result.ReasonString);
    }

    private MqttApplicationMessage Wrap(in OutgoingMessage message)
    {
        var wrapped = new MqttApplicationMessage
        {
            Topic = message.Topic,
            Payload = new ReadOnlySequence<byte>(message.Payload.WrittenMemory),
            QualityOfServiceLevel = message.Promised ? MqttQualityOfServiceLevel.AtLeastOnce : MqttQualityOfServiceLevel.AtMostOnce,
        };
        if (_version != MqttProtocolVersion.V500)
            return wrapped;
        wrapped.ContentType = ContentType;
        wrapped.PayloadFormatIndicator = MqttPayloadFormatIndicator.CharacterData;
        if (!message.Promised)
            wrapped.MessageExpiryInterval = (uint)_options.LiveExpiryS;
        // CloudEvents 1.0, MQTT protocol binding 1.0.2, section 3.1 (binary mode).
        wrapped.UserProperties =
        [
            Property("specversion", "1.0"),
            Property("id", message.Header.Id),
            Property("source", message.Header.Source),
            Property("type", $"yolact.{message.Type}.v1"),
            Property("time", message.Header.Time.Utc.ToString("O", CultureInfo.InvariantCulture)),
        ];
        return wrapped;
    }

    private static MqttUserProperty Property(string name, string value) => new(name, (ReadOnlyMemory<byte>)Encoding.UTF8.GetBytes(value));
}
