using System.Net;
using Yolact.Edge.Messaging;
using Yolact.Edge.Messaging.Broker;
using Yolact.Edge.Messaging.Outbox;
using Yolact.Edge.Messaging.Payloads;
using Yolact.Edge.Messaging.Sessions;

namespace Yolact.Edge.Hosting;

/// <summary>The connection to the broker, and the embedded broker where one is wanted: made anew for other settings while messages wait.</summary>
public sealed partial class BrokerLink : IAsyncDisposable
{
    private static readonly TimeSpan GoodbyeTimeout = TimeSpan.FromSeconds(5);

    private readonly ApplianceState _state;
    private readonly DeviceStatus _status;
    private readonly ILogger _logger;
    private readonly CancellationTokenSource _hangUp = new();
    private readonly Task _running;
    private readonly string _root;
    private readonly string _device;
    private EmbeddedBroker? _embedded;

    private BrokerLink(MqttSession session, MessageOutbox outbox, EmbeddedBroker? embedded, string device, MessageStamp stamp, DeviceStatus status, ApplianceState state, ILogger logger)
    {
        (Session, Outbox, _embedded, _device, _status, _state, _logger, _root) = (session, outbox, embedded, device, status, state, logger, stamp.Topics.Root);
        status.Attach(session);
        _running = session.RunAsync(_hangUp.Token);
    }

    /// <summary>The one owner of the connection.</summary>
    public MqttSession Session { get; }

    /// <summary>Keeps promised messages.</summary>
    public MessageOutbox Outbox { get; }

    /// <summary>Starts the embedded broker where no other is named, and connects in the background.</summary>
    /// <param name="options">Valid options.</param>
    /// <param name="device">The client id where the options name none.</param>
    /// <param name="stamp">Ids and times.</param>
    /// <param name="status">The device's state, which is said here from now on.</param>
    /// <param name="state">Is told the broker's address.</param>
    /// <param name="pool">Memory for messages.</param>
    /// <param name="clock">Measures.</param>
    /// <param name="loggers">The log.</param>
    /// <exception cref="IOException">The embedded broker finds no free port.</exception>
    public static async Task<BrokerLink> OpenAsync(MqttOptions options, string device, MessageStamp stamp, DeviceStatus status, ApplianceState state,
        PayloadPool pool, TimeProvider clock, ILoggerFactory loggers)
    {
        ArgumentNullException.ThrowIfNull(options);
        ArgumentNullException.ThrowIfNull(stamp);
        ArgumentNullException.ThrowIfNull(status);
        EmbeddedBroker? embedded = options.Host is null ? await EmbeddedBroker.StartAsync(PortOf(options)) : null;
        EndPoint broker = embedded is null ? EndPointOf(options) : embedded.Endpoint;
        MessageOutbox outbox = MessageOutbox.Open(options.Outbox, device, options.PromisedQueue, pool, clock, loggers.CreateLogger<MessageOutbox>());
        var session = new MqttSession(options, broker, options.ClientId ?? device, stamp.Topics.Status, status.WriteWill, pool, clock, loggers.CreateLogger<MqttSession>(), outbox);
        var link = new BrokerLink(session, outbox, embedded, device, stamp, status, state, loggers.CreateLogger<BrokerLink>());
        link.Announce(broker, options.Host is null);
        return link;
    }

    /// <summary>Takes leave of the broker and connects with other settings, in the background. Promised messages stay.</summary>
    /// <param name="options">Valid options.</param>
    /// <exception cref="IOException">The embedded broker finds no free port.</exception>
    public async Task UseAsync(MqttOptions options)
    {
        ArgumentNullException.ThrowIfNull(options);
        if (options.Host is null)
            _embedded ??= await EmbeddedBroker.StartAsync(PortOf(options));
        EndPoint broker = options.Host is null ? _embedded!.Endpoint : EndPointOf(options);
        Session.Use(options, broker, options.ClientId ?? _device, _status.WriteGoodbye);
        Announce(broker, options.Host is null);
    }

    /// <summary>Sends what waits, takes leave and closes.</summary>
    public async ValueTask DisposeAsync()
    {
        await _hangUp.CancelAsync();
        await _running;
        using var enough = new CancellationTokenSource(GoodbyeTimeout);
        int left = await Session.CloseAsync(_status.WriteGoodbye, enough.Token);
        if (left > 0)
            Log.Unsent(_logger, left);
        await Session.DisposeAsync();
        Outbox.Dispose();
        if (_embedded is not null)
            await _embedded.DisposeAsync();
        _hangUp.Dispose();
    }

    private void Announce(EndPoint broker, bool embedded)
    {
        _state.Broker = BrokerAddress.Of(broker);
        Log.Broker(_logger, embedded ? "embedded broker" : "broker", _state.Broker, _root);
    }

    private static DnsEndPoint EndPointOf(MqttOptions options) => new(options.Host!, PortOf(options));

    private static int PortOf(MqttOptions options) => options.Port ?? (options.Tls is null ? 1883 : 8883);

    private static partial class Log
    {
        [LoggerMessage(EventId = 1, Level = LogLevel.Information, Message = "{Kind} {Endpoint}, topics below {Root}")]
        public static partial void Broker(ILogger logger, string kind, string endpoint, string root);

        [LoggerMessage(EventId = 2, Level = LogLevel.Warning, Message = "{Count} promised messages were not sent before the program stopped; what the outbox holds is sent after the next start.")]
        public static partial void Unsent(ILogger logger, int count);
    }
}
