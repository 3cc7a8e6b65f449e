using System.Diagnostics;
using System.Diagnostics.Metrics;
using Yolact.Edge.Messaging.Payloads.Detections;
using Yolact.Edge.Pipeline;
using Yolact.Edge.Telemetry;

namespace Yolact.Edge.Tests.Telemetry;

public sealed class ApplianceMetricsTests
{
    private static readonly StageTimes Times = new(
        TimeSpan.FromMilliseconds(1), TimeSpan.FromMilliseconds(2), TimeSpan.FromMilliseconds(30), TimeSpan.FromMilliseconds(4), default, default);

    [Fact]
    public void Counters_stage_times_and_the_machine_are_measured()
    {
        using var tree = new RecordedTree("orin-nx.txt");
        var counters = new PipelineCounters();
        using var metrics = new ApplianceMetrics(counters, new MachineReader(tree.Root));
        var seen = new Dictionary<string, double>();
        using var listener = new MeterListener();
        listener.InstrumentPublished = (instrument, self) =>
        {
            if (instrument.Meter.Name == ApplianceMetrics.SourceName)
                self.EnableMeasurementEvents(instrument);
        };
        listener.SetMeasurementEventCallback<double>((instrument, value, tags, _) =>
            seen[instrument.Name + string.Concat(tags.ToArray().Select(tag => $" {tag.Value}"))] = value);
        listener.SetMeasurementEventCallback<long>((instrument, value, _, _) => seen[instrument.Name] = value);
        listener.Start();
        counters.CountInferred();
        metrics.Finished(7, 3, Times);
        listener.RecordObservableInstruments();

        Assert.Equal(30, seen["yolact.stage.duration inference"]);
        Assert.Equal(1, seen["yolact.frames.inferred"]);
        Assert.Equal(0.455, seen["yolact.gpu.load"]);
        Assert.Equal(6.75, seen["yolact.power VDD_IN"]);
    }

    [Fact]
    public void A_frame_is_an_activity_with_its_stages_below_it()
    {
        List<Activity> stopped = [];
        using var listener = new ActivityListener
        {
            ShouldListenTo = source => source.Name == ApplianceMetrics.SourceName,
            Sample = (ref ActivityCreationOptions<ActivityContext> _) => ActivitySamplingResult.AllData,
            ActivityStopped = stopped.Add,
        };
        ActivitySource.AddActivityListener(listener);
        using var metrics = new ApplianceMetrics(new PipelineCounters(), new MachineReader("/nowhere"));
        metrics.Finished(7, 3, Times);

        Activity frame = Assert.Single(stopped, activity => activity.OperationName == "frame");
        Assert.Equal(7L, frame.GetTagItem("frame.sequence"));
        Assert.Equal(3L, frame.GetTagItem("edge.id"));
        Assert.Equal(37, frame.Duration.TotalMilliseconds, 3);
        Activity inference = Assert.Single(stopped, activity => activity.OperationName == "inference");
        Assert.Equal(frame.SpanId, inference.ParentSpanId);
        Assert.Equal(30, inference.Duration.TotalMilliseconds, 3);
    }
}
