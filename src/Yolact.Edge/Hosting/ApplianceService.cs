using System.Net;
using Yolact.Edge.Configuration;
using Yolact.Edge.Messaging;
using Yolact.Edge.Messaging.Broker;
using Yolact.Edge.Messaging.Outbox;
using Yolact.Edge.Messaging.Payloads;
using Yolact.Edge.Messaging.Sessions;
using Yolact.Edge.Pipeline;
using Yolact.Edge.Remote;
using Yolact.Edge.Telemetry;

namespace Yolact.Edge.Hosting;

/// <summary>
/// The appliance's life within the host: broker and connection first, so that a device can be reached and steered whatever its camera
/// does; then the network and the camera. At stop the way back: accepted frames are finished, their messages sent, lines made safe.
/// </summary>
public sealed partial class ApplianceService(LoadedConfiguration configuration, MessageStamp stamp, DeviceStatus status, PipelineCounters counters,
    ApplianceMetrics metrics, MachineReader machine, IFrameViewer viewer, ApplianceState state, IHostApplicationLifetime lifetime, TimeProvider clock, ILoggerFactory loggers,
    IServiceProvider services) : BackgroundService
{
    private static readonly TimeSpan GoodbyeTimeout = TimeSpan.FromSeconds(5);

    private readonly ILogger _logger = loggers.CreateLogger<ApplianceService>();

    /// <inheritdoc/>
    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        ApplianceOptions options = configuration.Options;
        try
        {
            await using EmbeddedBroker? broker = options.Mqtt.Host is null ? await EmbeddedBroker.StartAsync(options.Mqtt.Port ?? DefaultPort(options.Mqtt)) : null;
            EndPoint endpoint = broker?.Endpoint as EndPoint ?? new DnsEndPoint(options.Mqtt.Host!, options.Mqtt.Port ?? DefaultPort(options.Mqtt));
            state.Broker = $"{endpoint}";
            Log.Broker(_logger, broker is null ? "broker" : "embedded broker", state.Broker, stamp.Topics.Root);
            var pool = new PayloadPool();
            using MessageOutbox outbox = MessageOutbox.Open(options.Mqtt.Outbox, options.Device, options.Mqtt.PromisedQueue, pool, clock, loggers.CreateLogger<MessageOutbox>());
            await using var session = new MqttSession(options.Mqtt, endpoint, options.Mqtt.ClientId ?? options.Device, stamp.Topics.Status,
                status.WriteWill, pool, clock, loggers.CreateLogger<MqttSession>(), outbox);
            RemoteControl.Attach(options, session, pool, services);
            status.Attach(session);
            await RunAsync(options, session, outbox, pool, stoppingToken);
        }
        catch (OperationCanceledException) when (stoppingToken.IsCancellationRequested)
        {
            // An orderly stop.
        }
        catch (Exception error) when (Commands.CommandErrors.ExitCodeOf(error) is { } code)
        {
            state.ExitCode = code;
            Log.Failed(_logger, error.Message);
            lifetime.StopApplication();
        }
    }

    private async Task RunAsync(ApplianceOptions options, MqttSession session, MessageOutbox outbox, PayloadPool pool, CancellationToken stopping)
    {
        using var hangUp = new CancellationTokenSource();
        Task connection = session.RunAsync(hangUp.Token);
        try
        {
            status.Set(DeviceState.Preparing, "The network is being loaded.");
            var events = new EventPublisher(session, stamp, pool, loggers.CreateLogger<EventPublisher>());
            new OutboxReports(events, status, stamp.Topics).Watch(outbox);
            await using Appliance appliance = await Task.Run(
                () => new Appliance(options, session, stamp, pool, events, status, counters, metrics, viewer, clock), stopping);
            state.Appliance = appliance;
            appliance.GaveUp += GiveUp;
            status.Set(DeviceState.Preparing, "The camera has delivered no frame yet.");
            await appliance.StartAsync(stopping);
            var health = new HealthPublisher(session, stamp, pool, appliance, machine, clock);
            using var timer = new PeriodicTimer(TimeSpan.FromSeconds(options.Telemetry.HealthIntervalS), clock);
            while (await timer.WaitForNextTickAsync(stopping))
                health.Publish();
        }
        finally
        {
            state.Appliance = null;
            await hangUp.CancelAsync();
            await connection;
            using var enough = new CancellationTokenSource(GoodbyeTimeout);
            int left = await session.CloseAsync(status.WriteGoodbye, enough.Token);
            if (left > 0)
                Log.Unsent(_logger, left);
            Log.Stopped(_logger, counters.Captured, counters.Published, counters.Edges, counters.Overruns, counters.Unanswered);
        }
    }

    private void GiveUp(string reason)
    {
        state.ExitCode = Commands.ExitCode.Failed;
        Log.Failed(_logger, reason);
        lifetime.StopApplication();
    }

    private static int DefaultPort(MqttOptions options) => options.Tls is null ? 1883 : 8883;

    private static partial class Log
    {
        [LoggerMessage(EventId = 1, Level = LogLevel.Information, Message = "{Kind} {Endpoint}, topics below {Root}")]
        public static partial void Broker(ILogger logger, string kind, string endpoint, string root);

        [LoggerMessage(EventId = 2, Level = LogLevel.Critical, Message = "{Error}")]
        public static partial void Failed(ILogger logger, string error);

        [LoggerMessage(EventId = 3, Level = LogLevel.Warning, Message = "{Count} promised messages were not sent before the program stopped; what the outbox holds is sent after the next start.")]
        public static partial void Unsent(ILogger logger, int count);

        [LoggerMessage(EventId = 4, Level = LogLevel.Information,
            Message = "Stopped: {Captured} frames captured, {Published} published, {Edges} edges, {Overruns} overruns, {Unanswered} unanswered")]
        public static partial void Stopped(ILogger logger, long captured, long published, long edges, long overruns, long unanswered);
    }
}
