using Yolact.Edge.Engines;
using Yolact.Edge.Messaging.Payloads;
using Yolact.Edge.Messaging.Sessions;
using Yolact.Edge.Pipeline;
using Yolact.Edge.Telemetry;
using Yolact.Edge.Vision.Engines;

namespace Yolact.Edge.Hosting;

/// <summary>Publishes how the device fares.</summary>
/// <param name="session">The connection.</param>
/// <param name="stamp">Ids and times.</param>
/// <param name="pool">Memory for messages.</param>
/// <param name="state">What runs.</param>
/// <param name="counters">What is counted.</param>
/// <param name="machine">How the machine fares.</param>
/// <param name="clock">Measures.</param>
public sealed class HealthPublisher(MqttSession session, MessageStamp stamp, PayloadPool pool, ApplianceState state, PipelineCounters counters, MachineReader machine, TimeProvider clock)
{
    private const double MiB = 1 << 20;

    private readonly long _started = clock.GetTimestamp();
    private long _last = clock.GetTimestamp();
    private long _lastInferred;

    /// <summary>Publishes the figures since the last call.</summary>
    public void Publish()
    {
        MessageHeader header = stamp.Next();
        PayloadBuffer buffer = pool.Rent();
        PayloadJson.Write(buffer, Message(header));
        session.Publish(new OutgoingMessage(stamp.Topics.Health, "health", header, buffer, Promised: false));
    }

    /// <summary>What was counted since the program started.</summary>
    internal static FrameCounts Counts(PipelineCounters counters) => new(counters.Captured, counters.Inferred, counters.Published, counters.Dropped,
        counters.Edges, counters.Overruns, counters.Unanswered, counters.LateOutputs);

    /// <summary>Memory of the process and the machine.</summary>
    internal static MemoryFigures Memory(MachineFigures figures) => new(Math.Round(Environment.WorkingSet / MiB, 1),
        Math.Round(GC.GetTotalMemory(false) / MiB, 1), figures.MemoryTotalMiB, figures.MemoryAvailableMiB, figures.GpuMemoryMiB,
        [GC.CollectionCount(0), GC.CollectionCount(1), GC.CollectionCount(2)]);

    /// <summary>What runs the network.</summary>
    internal static EngineFigures? Engine(EngineReport? report) => report is null ? null : new EngineFigures(
        Word(report.Choice.Provider), [.. report.Choice.PassedOver.Select(one => new PassedOverProvider(Word(one.Provider), one.Reason))],
        report.EngineId, report.BuildSeconds, report.Memory.Mib, report.Memory.Source, report.BudgetMib, report.WithinBudget,
        report.Choice.Provider is ExecutionProvider.Tensorrt ? report.Limits.WorkspaceMib : null, report.Limits.RescoringBatch, report.Notes);

    private static string Word(ExecutionProvider provider) => provider.ToString().ToLowerInvariant();

    private HealthMessage Message(MessageHeader header)
    {
        Appliance? appliance = state.Appliance;
        MachineFigures figures = machine.Read();
        long now = clock.GetTimestamp(), inferred = counters.Inferred;
        double fps = (inferred - _lastInferred) / Math.Max(clock.GetElapsedTime(_last, now).TotalSeconds, 1e-3);
        (_last, _lastInferred) = (now, inferred);
        return new HealthMessage(
            header.Id, header.Source, header.Time, Math.Round(clock.GetElapsedTime(_started, now).TotalSeconds, 1), Math.Round(fps, 2),
            Counts(counters),
            appliance?.Stages.Take() ?? new Dictionary<string, StageFigures>(),
            new Dictionary<string, int> { ["network"] = appliance?.Waiting ?? 0, ["promised"] = session.WaitingPromised, ["live"] = session.WaitingLive },
            Memory(figures),
            figures.TemperaturesC, figures.PowerW, figures.GpuLoad, new ThrottlingFigures(figures.OverCurrentEvents, figures.HotZones, figures.CpuCappedShare),
            Engine(state.Appliance?.Recipe.Engine));
    }
}
