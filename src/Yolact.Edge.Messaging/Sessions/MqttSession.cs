using System.Net;
using Microsoft.Extensions.Logging;
using MQTTnet;
using MQTTnet.Formatter;
using MQTTnet.Protocol;
using Yolact.Edge.Messaging.Outbox;
using Yolact.Edge.Messaging.Payloads;

namespace Yolact.Edge.Messaging.Sessions;

/// <summary>
/// The one owner of the connection to the broker. Anyone hands messages in, at any time; <see cref="RunAsync"/> connects, sends, notices
/// a dead link, and connects again with growing, random pauses. An absent broker is normal. Promised messages come from an outbox and are
/// sent in order, several at once, and again until acknowledged.
/// </summary>
public sealed partial class MqttSession : IAsyncDisposable
{
    internal const string ContentType = "application/json";

    private static readonly TimeSpan LeaveTimeout = TimeSpan.FromSeconds(5);
    private static readonly TimeSpan ReasonPatience = TimeSpan.FromSeconds(1);

    private readonly string _willTopic;
    private readonly StateWriter _will;
    private readonly PayloadPool _pool;
    private readonly TimeProvider _clock;
    private readonly ILogger _logger;
    private readonly OutgoingQueues _queues;
    private readonly MessageOutbox _outbox;
    private readonly bool _ownsOutbox;
    private readonly PublishWindow _window = new();
    private readonly Inbox _inbox;
    private readonly IMqttClient _client = new MqttClientFactory().CreateMqttClient();
    private readonly Lock _moving = new();
    private ReconnectDelay _delay;
    private MqttOptions _options;
    private EndPoint _broker;
    private string _clientId;
    private Move? _move;
    private CancellationTokenSource _leave = new();
    private int _granted;
    private MqttProtocolVersion _version;
    private BrokerLimits _limits;
    private long _connections;
    private long _published;
    private long _refused;
    private volatile string? _certificateProblem;
    private volatile Farewell _farewell = new();

    /// <summary>A session that is not connected yet.</summary>
    /// <param name="options">Valid options.</param>
    /// <param name="broker">Where the broker listens.</param>
    /// <param name="clientId">Client id.</param>
    /// <param name="willTopic">Topic of the last will.</param>
    /// <param name="will">Writes the last will of a connection.</param>
    /// <param name="pool">Memory for state messages.</param>
    /// <param name="clock">Measures the pauses.</param>
    /// <param name="logger">Takes what happens to the connection.</param>
    /// <param name="outbox">Keeps promised messages, and outlives the session; null for one in memory.</param>
    public MqttSession(MqttOptions options, EndPoint broker, string clientId, string willTopic, StateWriter will, PayloadPool pool,
        TimeProvider clock, ILogger logger, MessageOutbox? outbox = null)
    {
        ArgumentNullException.ThrowIfNull(options);
        (_options, _broker, _clientId, _willTopic, _will, _pool, _clock, _logger) =
            (options, broker, clientId, willTopic, will, pool, clock, logger);
        _queues = new OutgoingQueues(options.LiveQueue);
        _ownsOutbox = outbox is null;
        _outbox = outbox ?? MessageOutbox.InMemory(options.PromisedQueue, pool, clock, logger);
        _outbox.Filled += _queues.Wake;
        _inbox = new Inbox(clock, logger);
        _client.ApplicationMessageReceivedAsync += arguments =>
        {
            _inbox.Receive(arguments.ApplicationMessage);
            return Task.CompletedTask;
        };
        _client.DisconnectedAsync += arguments =>
        {
            // The library tells of an end in its own time: a connection that stands is not the one that it is about.
            if (!_client.IsConnected)
                _farewell.Hear(arguments);
            return Task.CompletedTask;
        };
        _delay = new ReconnectDelay(TimeSpan.FromSeconds(options.ReconnectMaxS), Random.Shared.NextDouble);
        _version = options.Version == MqttVersion.V311 ? MqttProtocolVersion.V311 : MqttProtocolVersion.V500;
        _limits = BrokerLimits.Of(new MqttClientConnectResult(), MqttProtocolVersion.V311, TimeSpan.FromSeconds(options.KeepAliveS));
    }

    /// <summary>True while the broker answers.</summary>
    public bool IsConnected => _client.IsConnected;

    /// <summary>Why there is no connection; null while there is one, or before the first try.</summary>
    public string? Problem { get; private set; }

    /// <summary>Tries to connect, one after the other, that failed.</summary>
    public int FailedTries => _delay.Failures;

    /// <summary>Connections made in this run.</summary>
    public long Connections => Interlocked.Read(ref _connections);

    /// <summary>Messages sent (and acknowledged, where promised).</summary>
    public long Published => Interlocked.Read(ref _published);

    /// <summary>Messages that the broker refused for good (topic not allowed, too large).</summary>
    public long Refused => Interlocked.Read(ref _refused);

    /// <summary>Promised messages that made room for later ones, or were too old.</summary>
    public long DroppedPromised => _outbox.Lost;

    /// <summary>Live messages that made room for later ones, or that no broker was there for.</summary>
    public long DroppedLive => _queues.DroppedLive;

    /// <summary>Promised messages that wait.</summary>
    public int WaitingPromised => _outbox.Waiting;

    /// <summary>Live messages that wait.</summary>
    public int WaitingLive => _queues.Live;

    /// <summary>Messages received for a subscription.</summary>
    public long Received => _inbox.Received;

    /// <summary>Received messages that were too large, or gave way to later ones.</summary>
    public long RefusedIncoming => _inbox.Refused;

    /// <summary>True where the connection can carry requests and responses: MQTT 5.</summary>
    public bool CarriesRequests => _version == MqttProtocolVersion.V500;

    /// <summary>True where the broker lets this session hear everything that it subscribed to.</summary>
    public bool IsListening => IsConnected && Volatile.Read(ref _granted) >= _inbox.Count;

    /// <summary>Hands a message in; the session owns its payload from now on. Never waits.</summary>
    /// <param name="message">The message.</param>
    /// <param name="promised">
    /// Called once a promised message is kept (see <see cref="MessageOutbox.Add"/>), on another thread; at once for a live one.
    /// </param>
    public void Publish(in OutgoingMessage message, Action? promised = null)
    {
        if (message.Promised)
        {
            _outbox.Add(message, promised);
            return;
        }
        _queues.Add(message);
        promised?.Invoke();
    }

    /// <summary>Returns when every promised message that was handed in before is kept.</summary>
    public Task KeptAsync() => _outbox.FlushAsync();

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

    /// <summary>
    /// Takes leave of the broker and goes on with other settings, in the background. What waits, waits on; the lengths of the queues stay
    /// as they are.
    /// </summary>
    /// <param name="options">Valid options.</param>
    /// <param name="broker">Where the broker listens.</param>
    /// <param name="clientId">Client id.</param>
    /// <param name="goodbye">Writes the last state of the will's topic for the broker that is left.</param>
    public void Use(MqttOptions options, EndPoint broker, string clientId, StateWriter goodbye)
    {
        ArgumentNullException.ThrowIfNull(options);
        lock (_moving)
        {
            _move = new(options, broker, clientId, goodbye);
            _ = _leave.CancelAsync();
        }
    }

    /// <summary>Connects and sends until cancelled. Never throws for the broker's sake.</summary>
    /// <param name="cancellation">Ends it; what waits stays in the queues.</param>
    public async Task RunAsync(CancellationToken cancellation)
    {
        while (!cancellation.IsCancellationRequested)
        {
            using var stay = CancellationTokenSource.CreateLinkedTokenSource(cancellation, await MoveAsync());
            try
            {
                if (await ConnectAsync(stay.Token))
                    await SendAsync(stay.Token);
                if (stay.IsCancellationRequested)
                    continue;
                _queues.DropLive();
                await Task.Delay(_delay.Next(), _clock, stay.Token);
            }
            catch (OperationCanceledException) when (stay.IsCancellationRequested)
            {
                // The end, or another broker.
            }
        }
    }

    // Where another broker is wanted: takes leave of the one that is. The token ends when the next one is wanted.
    private async Task<CancellationToken> MoveAsync()
    {
        Move? move;
        CancellationToken leave;
        lock (_moving)
        {
            (move, _move) = (_move, null);
            if (move is not null)
                _leave = new CancellationTokenSource();
            leave = _leave.Token;
        }
        if (move is null)
            return leave;
        using var enough = new CancellationTokenSource(LeaveTimeout, _clock);
        await LeaveAsync(move.Goodbye, enough.Token);
        (_options, _broker, _clientId) = (move.Options, move.Broker, move.ClientId);
        _version = move.Options.Version == MqttVersion.V311 ? MqttProtocolVersion.V311 : MqttProtocolVersion.V500;
        _delay = new ReconnectDelay(TimeSpan.FromSeconds(move.Options.ReconnectMaxS), Random.Shared.NextDouble);
        Problem = null;
        return leave;
    }

    private async Task LeaveAsync(StateWriter goodbye, CancellationToken cancellation)
    {
        try
        {
            if (!_client.IsConnected)
                return;
            await _outbox.FlushAsync().WaitAsync(cancellation);
            await DrainAsync(cancellation);
            SendState(_willTopic, goodbye, cancellation);
            await DrainAsync(cancellation);
            await _client.DisconnectAsync(new MqttClientDisconnectOptions(), cancellation);
        }
        catch (Exception e) when (e is not OutOfMemoryException)
        {
            Log.CloseFailed(_logger, ConnectionProblem.Describe(e));
            await AbandonAsync();
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
                await _outbox.FlushAsync().WaitAsync(cancellation);
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
        _outbox.Filled -= _queues.Wake;
        if (_ownsOutbox)
            _outbox.Dispose();
        _client.Dispose();
        await _inbox.DisposeAsync();
    }

    private sealed record Move(MqttOptions Options, EndPoint Broker, string ClientId, StateWriter Goodbye);
}
