using Yolact.Edge.Configuration;
using Yolact.Edge.Hosting;
using Yolact.Edge.Messaging.Commands;
using Yolact.Edge.Messaging.Commands.Requests;
using Yolact.Edge.Messaging.Payloads;
using Yolact.Edge.Messaging.Sessions;
using Yolact.Edge.Pipeline;
using Yolact.Edge.Telemetry;

namespace Yolact.Edge.Remote;

/// <summary>What the device lets itself be asked for over MQTT: puts the commands together and has a session listen to them.</summary>
public static class RemoteControl
{
    /// <summary>Listens to commands from now on, where the configuration allows them.</summary>
    /// <param name="options">Valid options.</param>
    /// <param name="session">The connection.</param>
    /// <param name="pool">Memory for messages.</param>
    /// <param name="services">Parts of the program.</param>
    /// <param name="configVersion">Version of the configuration in force.</param>
    /// <param name="reloadModel">Loads the model's files anew; null where that cannot be done.</param>
    /// <param name="rollBack">Goes back to the configuration before, and names its version; null where that cannot be done.</param>
    public static void Attach(ApplianceOptions options, MqttSession session, PayloadPool pool, IServiceProvider services,
        Func<string> configVersion, Func<CancellationToken, Task<ReloadModelResult>>? reloadModel = null, Func<CancellationToken, Task<string?>>? rollBack = null)
    {
        ArgumentNullException.ThrowIfNull(options);
        ArgumentNullException.ThrowIfNull(session);
        DeviceStatus status = services.GetRequiredService<DeviceStatus>();
        status.TakesCommands = options.Mqtt.Commands.Enabled;
        if (!options.Mqtt.Commands.Enabled)
            return;
        ApplianceState state = services.GetRequiredService<ApplianceState>();
        MessageStamp stamp = services.GetRequiredService<MessageStamp>();
        TimeProvider clock = services.GetRequiredService<TimeProvider>();
        DeviceCommand[] commands =
        [
            new CaptureCommand(state, stamp).Command,
            new SnapshotCommand(state, session, stamp, pool, options.Mqtt.Commands.SnapshotMaxBytes).Command,
            new DiagnosticsCommand(state, status, session, stamp, configVersion, services.GetRequiredService<PipelineCounters>(),
                services.GetRequiredService<MachineReader>(), services.GetRequiredService<RecentProblems>(), clock).Command,
            new ReloadModelCommand(reloadModel).Command,
            new RollbackConfigCommand(rollBack).Command,
            new RestartCommand(state, stamp, services.GetRequiredService<IHostApplicationLifetime>(), clock).Command,
            new SetLogLevelCommand(services.GetRequiredService<LogLevels>()).Command,
        ];
        var dispatcher = new CommandDispatcher(commands, options.Mqtt.Commands, session.Send, stamp, pool, clock,
            services.GetRequiredService<ILoggerFactory>().CreateLogger<CommandDispatcher>());
        session.Subscribe(dispatcher.Subscription);
    }
}
