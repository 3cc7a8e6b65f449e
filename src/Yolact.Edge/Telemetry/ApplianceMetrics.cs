using System.Diagnostics;
using System.Diagnostics.Metrics;
using Yolact.Edge.Messaging.Payloads.Detections;
using Yolact.Edge.Pipeline;

namespace Yolact.Edge.Telemetry;

/// <summary>What the appliance counts and measures, for OpenTelemetry: counters, times of each stage, the machine, one activity a frame.</summary>
public sealed class ApplianceMetrics : IDisposable
{
    /// <summary>Name of the meter and of the activity source.</summary>
    public const string SourceName = "Yolact.Edge";

    private static readonly KeyValuePair<string, object?>[] Tags =
        [.. new[] { "wait", "preprocess", "inference", "postprocess" }.Select(stage => new KeyValuePair<string, object?>("stage", stage))];

    private readonly Meter _meter = new(SourceName);
    private readonly ActivitySource _activities = new(SourceName);
    private readonly Histogram<double> _durations;

    /// <summary>Instruments over the given figures.</summary>
    /// <param name="counters">What the pipeline counts.</param>
    /// <param name="machine">How the machine fares; read when somebody asks.</param>
    public ApplianceMetrics(PipelineCounters counters, MachineReader machine)
    {
        ArgumentNullException.ThrowIfNull(counters);
        ArgumentNullException.ThrowIfNull(machine);
        _durations = _meter.CreateHistogram("yolact.stage.duration", "ms", "Time of a frame in each stage.", advice: new InstrumentAdvice<double>
        {
            HistogramBucketBoundaries = [0.1, 0.25, 0.5, 1, 2.5, 5, 10, 25, 50, 100, 250, 500, 1000, 2500],
        });
        Count("yolact.frames.captured", "Frames that the camera delivered.", () => counters.Captured);
        Count("yolact.frames.inferred", "Frames that went through the network.", () => counters.Inferred);
        Count("yolact.frames.dropped", "Free-running frames that a later one replaced.", () => counters.Dropped);
        Count("yolact.frames.failed", "Frames that a stage could not process.", () => counters.Failed);
        Count("yolact.messages.published", "Detections messages handed to the connection.", () => counters.Published);
        Count("yolact.edges", "Trigger edges that were answered or reported.", () => counters.Edges);
        Count("yolact.edges.overrun", "Edges or triggered frames that found every place taken.", () => counters.Overruns);
        Count("yolact.edges.unanswered", "Edges that no frame answered.", () => counters.Unanswered);
        Count("yolact.outputs.late", "Results that came after their deadline.", () => counters.LateOutputs);
        Count("yolact.evidence.left_out", "Evidence pictures that were too large at every quality.", () => counters.EvidenceLeftOut);
        _meter.CreateObservableGauge("yolact.gpu.load", () => One(machine.Read().GpuLoad), null, "GPU load, 0 to 1.");
        _meter.CreateObservableGauge("yolact.gpu.memory", () => One(machine.Read().GpuMemoryMiB), "MiB", "Memory that the GPU shares with the machine.");
        _meter.CreateObservableGauge("yolact.temperature", () => Many(machine.Read().TemperaturesC, "zone"), "Cel", "Thermal zones.");
        _meter.CreateObservableGauge("yolact.power", () => Many(machine.Read().PowerW, "rail"), "W", "Power rails.");
    }

    /// <summary>Adds a finished frame.</summary>
    /// <param name="sequence">The source's number of it.</param>
    /// <param name="edge">The edge that it answers; null in free-run.</param>
    /// <param name="stages">Its times.</param>
    public void Finished(long sequence, long? edge, in StageTimes stages)
    {
        ReadOnlySpan<TimeSpan> times = [stages.Wait, stages.Preprocess, stages.Inference, stages.Postprocess];
        for (int i = 0; i < times.Length; i++)
            _durations.Record(times[i].TotalMilliseconds, Tags[i]);
        if (_activities.HasListeners())
            Trace(sequence, edge, stages);
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        _meter.Dispose();
        _activities.Dispose();
    }

    // Written when the frame is done: its times are known then, and the stages need not carry an activity from thread to thread.
    private void Trace(long sequence, long? edge, in StageTimes stages)
    {
        DateTimeOffset end = DateTimeOffset.UtcNow;
        DateTimeOffset start = end - (stages.Wait + stages.Preprocess + stages.Inference + stages.Postprocess);
        using Activity? frame = _activities.StartActivity("frame", ActivityKind.Internal, default(ActivityContext), startTime: start);
        if (frame is null)
            return;
        frame.SetTag("frame.sequence", sequence);
        if (edge is { } id)
            frame.SetTag("edge.id", id);
        DateTimeOffset at = start + stages.Wait;
        Child("preprocess", stages.Preprocess);
        Child("inference", stages.Inference);
        Child("postprocess", stages.Postprocess);
        frame.SetEndTime(end.UtcDateTime);

        void Child(string name, TimeSpan time)
        {
            using Activity? child = _activities.StartActivity(name, ActivityKind.Internal, frame.Context, startTime: at);
            at += time;
            child?.SetEndTime(at.UtcDateTime);
        }
    }

    private void Count(string name, string description, Func<long> value) => _meter.CreateObservableCounter(name, value, null, description);

    private static IEnumerable<Measurement<double>> One(double? value) => value is { } known ? [new Measurement<double>(known)] : [];

    private static IEnumerable<Measurement<double>> Many(IReadOnlyDictionary<string, double> values, string tag) =>
        values.Select(value => new Measurement<double>(value.Value, new KeyValuePair<string, object?>(tag, value.Key)));
}
