using Yolact.Edge.Hosting;
using Yolact.Edge.Messaging.Commands;
using Yolact.Edge.Messaging.Commands.Requests;
using Yolact.Edge.Messaging.Payloads;
using Yolact.Edge.Messaging.Payloads.Detections;
using Yolact.Edge.Messaging.Sessions;
using Yolact.Edge.Pipeline;
using Yolact.Edge.Telemetry;

namespace Yolact.Edge.Remote;

/// <summary><c>diagnostics</c>: one bounded report without secrets.</summary>
/// <param name="state">What runs.</param>
/// <param name="status">The device's state.</param>
/// <param name="session">The connection.</param>
/// <param name="stamp">This run.</param>
/// <param name="configVersion">Version of the configuration that runs.</param>
/// <param name="counters">What is counted.</param>
/// <param name="machine">How the machine fares.</param>
/// <param name="problems">The last warnings and errors.</param>
/// <param name="clock">Measures.</param>
public sealed class DiagnosticsCommand(ApplianceState state, DeviceStatus status, MqttSession session, MessageStamp stamp, Func<string> configVersion,
    PipelineCounters counters, MachineReader machine, RecentProblems problems, TimeProvider clock)
{
    private readonly long _started = clock.GetTimestamp();

    /// <summary>The command.</summary>
    public DeviceCommand Command =>
        DeviceCommand.Of(CommandNames.Diagnostics, CommandJson.Default.DiagnosticsRequest, new RateLimit(1, 5), TimeSpan.FromSeconds(10), Run);

    private Task<CommandReply> Run(DiagnosticsRequest request, CancellationToken cancellation)
    {
        Appliance? appliance = state.Appliance;
        MachineFigures figures = machine.Read();
        StageTimes stages = appliance?.Stages.Latest ?? default;
        var result = new DiagnosticsResult(status.State, status.Reasons, status.Versions, configVersion(), stamp.Run,
            Math.Round(clock.GetElapsedTime(_started).TotalSeconds, 1), appliance?.CameraState.ToString().ToLowerInvariant(), appliance?.Seen.Fps ?? 0,
            HealthPublisher.Counts(counters),
            new Dictionary<string, double>
            {
                ["wait"] = Ms(stages.Wait),
                ["preprocess"] = Ms(stages.Preprocess),
                ["inference"] = Ms(stages.Inference),
                ["postprocess"] = Ms(stages.Postprocess),
            },
            new ConnectionFigures(session.Connections, session.Published, session.Received, session.Refused, session.DroppedPromised, session.DroppedLive,
                session.WaitingPromised),
            HealthPublisher.Memory(figures), figures.TemperaturesC, figures.PowerW, figures.GpuLoad,
            new ThrottlingFigures(figures.OverCurrentEvents, figures.HotZones, figures.CpuCappedShare), problems.List());
        return Task.FromResult(CommandReply.Done($"{status.State}.", result, CommandJson.Default.DiagnosticsResult));
    }

    private static double Ms(TimeSpan time) => Math.Round(time.TotalMilliseconds, 3);
}
