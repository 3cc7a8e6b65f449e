using Yolact.Edge.Configuration;
using Yolact.Edge.Configuration.Remote;
using Yolact.Edge.Engines;
using Yolact.Edge.Messaging.Payloads;
using Yolact.Edge.Messaging.Sessions;
using Yolact.Edge.Models;
using Yolact.Edge.Pipeline;
using Yolact.Edge.Remote;
using Yolact.Edge.Telemetry;

namespace Yolact.Edge.Hosting;

/// <summary>
/// The appliance's life within the host: broker and connection first, so that a device can be reached and steered whatever its camera
/// does; then what the configuration says, and what is desired of it later. At stop the way back: accepted frames are finished, their
/// messages sent, lines made safe.
/// </summary>
public sealed partial class ApplianceService(ConfigurationBoot boot, RemoteJournal journal, MessageStamp stamp, DeviceStatus status, PipelineCounters counters,
    ApplianceMetrics metrics, MachineReader machine, IFrameViewer viewer, ApplianceState state, IHostApplicationLifetime lifetime, TimeProvider clock, ILoggerFactory loggers,
    IServiceProvider services) : BackgroundService
{
    private static readonly TimeSpan KeepTimeout = TimeSpan.FromSeconds(2);

    private readonly ILogger _logger = loggers.CreateLogger<ApplianceService>();

    /// <inheritdoc/>
    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        ApplianceOptions options = boot.Run.Options;
        try
        {
            var pool = new PayloadPool();
            status.TakesCommands = options.Mqtt.Commands.Enabled;
            await using BrokerLink link = await BrokerLink.OpenAsync(options.Mqtt, options.Device, stamp, status, state, pool, clock, loggers);
            await RunAsync(link, pool, stoppingToken);
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

    private async Task RunAsync(BrokerLink link, PayloadPool pool, CancellationToken stopping)
    {
        MqttSession session = link.Session;
        var events = new EventPublisher(session, stamp, pool, loggers.CreateLogger<EventPublisher>());
        await TellFailedRunAsync(session, events);
        new OutboxReports(events, status, stamp.Topics).Watch(link.Outbox);
        using var models = new ModelStore(Path.Combine(ModelFolders.Imported, "fetched"), new DownloadOptions(), clock);
        await using var target = new ApplianceTarget(
            link, (options, files) => Make(new Appliance(options, files, session, stamp, pool, events, status, counters, metrics, viewer, clock, stopping)),
            models, state, status, events, clock);
        var reports = new ConfigurationPublisher(session, stamp, events);
        using var remote = new RemoteConfiguration(boot, journal, target, reports.Say, loggers.CreateLogger<RemoteConfiguration>());
        RemoteControl.Attach(boot.Run.Options, session, pool, services, () => target.Version ?? boot.Run.Options.Version,
            cancellation => remote.BetweenDocumentsAsync(target.ReloadModelAsync, cancellation),
            boot.Local.Options.Remote.Enabled ? remote.RollBackAsync : null);
        Listen(session, remote);
        using var ended = CancellationTokenSource.CreateLinkedTokenSource(stopping);
        Task health = PublishHealthAsync(session, pool, target, ended.Token);
        try
        {
            await remote.RunAsync(stopping);
        }
        finally
        {
            await ended.CancelAsync();
            await health.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            // Frames that were accepted are finished here, and counted.
            await target.DisposeAsync();
            Log.Stopped(_logger, counters.Captured, counters.Published, counters.Edges, counters.Overruns, counters.Unanswered);
        }
    }

    private async Task TellFailedRunAsync(MqttSession session, EventPublisher events)
    {
        Task kept = Task.CompletedTask;
        if (FailedRun.Read(StateFolder.Path) is { } failed)
        {
            events.Publish(DeviceEvent.RunFailed, EventSeverity.Error, failed.Words);
            kept = session.KeptAsync();
        }
        // A disk that stands still does not keep the appliance from starting: the next run tells it again.
        if (await Task.WhenAny(kept, Task.Delay(KeepTimeout, clock)) == kept)
            FailedRun.Forget(StateFolder.Path);
    }

    private Appliance Make(Appliance appliance)
    {
        appliance.GaveUp += reason =>
        {
            state.ExitCode = Commands.ExitCode.Failed;
            Log.Failed(_logger, reason);
            lifetime.StopApplication();
        };
        if (appliance.Recipe.Engine is { } engine)
            LogEngine(engine);
        return appliance;
    }

    private void LogEngine(EngineReport engine)
    {
        string choice = engine.Choice.ToString();
        Log.Engine(_logger, choice, engine.Memory.Mib, engine.BudgetMib, engine.Memory.Source);
        foreach (string note in engine.Notes)
            Log.EngineNote(_logger, note);
    }

    private void Listen(MqttSession session, RemoteConfiguration remote)
    {
        if (!boot.Local.Options.Remote.Enabled)
            return;
        session.Subscribe(new Subscription(stamp.Topics.ConfigDesired, ConfigurationLoader.MaxBytes, (message, _) =>
        {
            remote.Desire(message.Payload);
            return Task.CompletedTask;
        })
        {
            Capacity = 1,
            TooLarge = (_, bytes) => remote.RefuseSize(bytes),
        });
    }

    private async Task PublishHealthAsync(MqttSession session, PayloadPool pool, ApplianceTarget target, CancellationToken stopping)
    {
        var health = new HealthPublisher(session, stamp, pool, state, counters, machine, clock);
        while (true)
        {
            await Task.Delay(TimeSpan.FromSeconds(target.HealthIntervalS), clock, stopping);
            health.Publish();
        }
    }

    private static partial class Log
    {
        [LoggerMessage(EventId = 1, Level = LogLevel.Critical, Message = "{Error}")]
        public static partial void Failed(ILogger logger, string error);

        [LoggerMessage(EventId = 20, Level = LogLevel.Information, Message = "The network runs on {Provider}. It takes {Mib} MiB of {BudgetMib} MiB ({Source})")]
        public static partial void Engine(ILogger logger, string provider, double mib, int budgetMib, string source);

        [LoggerMessage(EventId = 21, Level = LogLevel.Warning, Message = "{Note}")]
        public static partial void EngineNote(ILogger logger, string note);

        [LoggerMessage(EventId = 2, Level = LogLevel.Information,
            Message = "Stopped: {Captured} frames captured, {Published} published, {Edges} edges, {Overruns} overruns, {Unanswered} unanswered")]
        public static partial void Stopped(ILogger logger, long captured, long published, long edges, long overruns, long unanswered);
    }
}
