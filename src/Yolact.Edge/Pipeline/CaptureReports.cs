using Yolact.Edge.Capture.Cameras;
using Yolact.Edge.Capture.Outputs;
using Yolact.Edge.Capture.Triggers;
using Yolact.Edge.Messaging.Payloads;

namespace Yolact.Edge.Pipeline;

/// <summary>Turns what capture and output lines report into events and counters.</summary>
/// <param name="events">Where events go.</param>
/// <param name="counters">What is counted.</param>
/// <param name="camera">Name of the camera.</param>
/// <param name="clock">Measures.</param>
public sealed class CaptureReports(EventPublisher events, PipelineCounters counters, string camera, TimeProvider clock)
{
    // Whatever keeps one free-running frame from being processed is likely to keep all of them.
    private static readonly TimeSpan FailureInterval = TimeSpan.FromSeconds(1);

    private bool _stalled;
    private long? _lastFailure;
    private long _untold;

    /// <summary>An edge that got no frame.</summary>
    /// <param name="outcome">What the matcher says.</param>
    public void OnEdge(TriggerOutcome outcome)
    {
        if (outcome.Index == 0)
            counters.CountEdge(); // else counted with its first frame
        if (outcome.Kind == TriggerOutcomeKind.Overrun)
        {
            counters.CountOverrun();
            events.Publish(DeviceEvent.Overrun, EventSeverity.Warning, $"Edge {outcome.Edge.Id} gets no frame: {Words(outcome.Reason)}.", camera, outcome.Edge.Id);
        }
        else
        {
            counters.CountUnanswered();
            events.Publish(DeviceEvent.UnansweredEdge, EventSeverity.Warning, $"No frame answers edge {outcome.Edge.Id}: {Words(outcome.Reason)}.", camera, outcome.Edge.Id);
        }
    }

    /// <summary>Raw edges that a line's driver lost: each may have been a part.</summary>
    /// <param name="line">The line's name.</param>
    /// <param name="lost">How many.</param>
    public void OnEdgesMissed(string line, long lost) =>
        events.Publish(DeviceEvent.EdgesMissed, EventSeverity.Error, $"{lost} changes of line {line} were lost before they were read.", camera, line: line, count: lost);

    /// <summary>A triggered frame that found every place taken.</summary>
    /// <param name="edge">The edge that it answers.</param>
    public void OnFrameRefused(TriggerEdge edge)
    {
        counters.CountOverrun();
        events.Publish(DeviceEvent.Overrun, EventSeverity.Warning, $"The frame of edge {edge.Id} found every place before the network taken.", camera, edge.Id);
    }

    /// <summary>A frame that a stage could not process: told at once where an edge waits for it, else together with others once a second.</summary>
    /// <param name="captured">The frame.</param>
    /// <param name="error">Why.</param>
    public void OnFrameFailed(CapturedFrame captured, Exception error)
    {
        ArgumentNullException.ThrowIfNull(error);
        counters.CountFailed();
        if (captured.Edge is null && _lastFailure is { } last && clock.GetElapsedTime(last) < FailureInterval)
        {
            Interlocked.Increment(ref _untold);
            return;
        }
        if (captured.Edge is null)
            _lastFailure = clock.GetTimestamp();
        events.Publish(DeviceEvent.InferenceFailed, EventSeverity.Error, $"Frame {captured.Frame.Picture.Sequence} could not be processed: {error.Message}",
            camera, captured.Edge?.Id, count: captured.Edge is null ? 1 + Interlocked.Exchange(ref _untold, 0) : null);
    }

    /// <summary>Something that happened on an output line.</summary>
    /// <param name="report">What.</param>
    public void OnOutput(OutputReport report)
    {
        if (report.Kind is OutputReportKind.FailSafe or OutputReportKind.TooLate)
        {
            counters.CountLateOutput();
            string what = report.Kind is OutputReportKind.FailSafe ? $"No result for line {report.Line} in time" : $"Line {report.Line} is too late for its pulse";
            string done = report.Fired ? "it was pulsed, as the fail-safe says" : "it was not pulsed";
            events.Publish(DeviceEvent.OutputLate, EventSeverity.Warning, $"{what}: {done}.", camera, report.Edge, report.Line);
        }
        else if (report.Kind == OutputReportKind.LineFailed)
        {
            events.Publish(DeviceEvent.OutputLate, EventSeverity.Error, $"Line {report.Line} cannot be set: {report.Reason}", camera, report.Edge, report.Line);
        }
    }

    /// <summary>A change of the camera's state.</summary>
    /// <param name="change">What.</param>
    public void OnCamera(CameraStateChange change)
    {
        ArgumentNullException.ThrowIfNull(change);
        if (change.State is CameraState.Running && _stalled)
        {
            _stalled = false;
            events.Publish(DeviceEvent.CameraRecovered, EventSeverity.Info, "The camera delivers again.", camera);
        }
        else if (change.State is CameraState.Stalled or CameraState.Failed)
        {
            _stalled = true;
            events.Publish(DeviceEvent.CameraStalled, EventSeverity.Error, $"The camera delivers no frames: {change.Reason}", camera);
        }
        else if (change.State is CameraState.Ended)
        {
            events.Publish(DeviceEvent.CameraEnded, EventSeverity.Info, "The camera's source came to its end.", camera);
        }
    }

    private static string Words(TriggerReason reason) => reason switch
    {
        TriggerReason.TooSoon => "it came too soon after the one before",
        TriggerReason.FrameTaken => "its frame answers another edge",
        TriggerReason.TooManyWaiting => "too many edges wait",
        TriggerReason.DeadlinePassed => "none came before the deadline",
        TriggerReason.FrameTooLate => "the first frame after it started too late",
        TriggerReason.EdgeTooLate => "the edge became known when its frame was gone",
        TriggerReason.FrameLost => "its frame was lost on the way",
        TriggerReason.GateTooShort => "no exposure started while the gate was open",
        TriggerReason.Stopped => "capture was stopped",
        _ => reason.ToString(),
    };
}
