using Yolact.Edge.Capture.Cameras;
using Yolact.Edge.Capture.Lines;
using Yolact.Edge.Capture.Outputs;
using Yolact.Edge.Capture.Recordings;
using Yolact.Edge.Capture.Triggers;
using Yolact.Edge.Configuration;
using Yolact.Edge.Messaging.Payloads;
using Yolact.Edge.Messaging.Payloads.Detections;
using Yolact.Edge.Messaging.Sessions;
using Yolact.Edge.Model.Import;
using Yolact.Edge.Pipeline;
using Yolact.Edge.Pipeline.Evidence;
using Yolact.Edge.Telemetry;
using Yolact.Edge.Simulation.World;

namespace Yolact.Edge.Hosting;

/// <summary>
/// From the camera to the messages, put together from a configuration: camera, lines, capture, network, rules, publishing. Made anew for
/// another configuration. Disposing it ends capture, finishes every accepted frame, and leaves the output lines safe.
/// </summary>
public sealed class Appliance : IAsyncDisposable
{
    // A disk that hangs does not hold up the end.
    private static readonly TimeSpan KeepTimeout = TimeSpan.FromSeconds(5);

    private readonly TimeProvider _clock;
    private readonly DeviceStatus _status;
    private readonly string _camera;
    private readonly LineSet _lines;
    private readonly OutputScheduler _outputs;
    private readonly MqttSession _session;
    private readonly RecipePreparation _preparation;
    private readonly RecipeInForce _recipe;
    private readonly BusyLine _busy;
    private readonly Action _frameDone;
    private readonly EvidencePublisher _evidence;
    private readonly CaptureReports _reports;
    private readonly FramePipeline _pipeline;
    private readonly TriggeredCapture _capture;
    private readonly LineGaps _gaps;
    private readonly ICamera _source;
    private readonly string? _readyLine;
    private readonly IInputLine? _trigger;
    private readonly TriggerMode _mode;
    private readonly ApplianceMetrics _metrics;
    private readonly IFrameViewer _viewer;

    /// <summary>Loads the network and opens the lines; the camera is not started yet.</summary>
    /// <param name="options">Valid options.</param>
    /// <param name="files">The network that they mean.</param>
    /// <param name="session">The connection.</param>
    /// <param name="stamp">Ids and times.</param>
    /// <param name="pool">Memory for messages.</param>
    /// <param name="events">Where events go.</param>
    /// <param name="status">The device's state.</param>
    /// <param name="counters">What is counted.</param>
    /// <param name="metrics">What is measured.</param>
    /// <param name="viewer">Who watches frames.</param>
    /// <param name="clock">The clock of everything.</param>
    /// <param name="cancellation">Ends the build of an engine.</param>
    /// <exception cref="IOException">A line or the model's file cannot be opened.</exception>
    /// <exception cref="Vision.Engines.ModelException">The model cannot be used.</exception>
    /// <exception cref="Vision.Engines.EngineException">Nothing can run it here.</exception>
    /// <exception cref="InvalidConfigurationException">A rule names a class that the model has not.</exception>
    public Appliance(ApplianceOptions options, ModelFiles files, MqttSession session, MessageStamp stamp, PayloadPool pool, EventPublisher events,
        DeviceStatus status, PipelineCounters counters, ApplianceMetrics metrics, IFrameViewer viewer, TimeProvider clock,
        CancellationToken cancellation = default)
    {
        ArgumentNullException.ThrowIfNull(options);
        ArgumentNullException.ThrowIfNull(stamp);
        (_clock, _status, Counters, _metrics, _viewer) = (clock, status, counters, metrics, viewer);
        _session = session;
        CameraOptions camera = options.Cameras.First(one => one.Active);
        _camera = camera.Name;
        var world = new BeltWorld(options.Belt, clock);
        _reports = new CaptureReports(events, counters, _camera, clock);
        _lines = LineSet.Open(options.Gpio, world, clock);
        _outputs = new OutputScheduler(
            clock,
            options.Gpio.Outputs.Where(line => _lines.Outputs.ContainsKey(line.Name)).Select(line => (_lines.Outputs[line.Name], line.SafeActive)),
            _reports.OnOutput);
        _readyLine = options.Lines.Ready;
        _busy = new BusyLine(_outputs, options.Lines.Busy);
        _frameDone = _busy.End;
        _preparation = new RecipePreparation(_outputs, session, stamp, pool, status, clock);
        _recipe = new RecipeInForce(_preparation.Make(options, files, running: null, cancellation));
        status.SetModel(Recipe.Model.Name);
        Seen = new LatestSeen(clock);
        _evidence = new EvidencePublisher(options.Evidence, session, stamp, pool, counters, clock);
        _pipeline = new FramePipeline(options.Model.Slots, options.Model.Queue, clock, OnFinished, OnFailed);
        _trigger = camera.Trigger.Line is { } line && _lines.Inputs.TryGetValue(line, out IInputLine? input) ? input : null;
        _capture = new TriggeredCapture(camera.Trigger, TimeSpan.FromMilliseconds(camera.ArrivalLatencyMs), clock, OnCaptured, OnEdge, _trigger?.IsActive ?? false,
            options.Lines.Strobe is { } strobe ? edge => _outputs.Pulse(strobe.PulseOf(edge)) : null);
        _gaps = new LineGaps(lost => _reports.OnEdgesMissed(camera.Trigger.Line ?? "", lost));
        _mode = camera.Trigger.Mode;
        _source = CameraFactory.Create(camera, world, Recipe.Detector.Config.InputSize, clock);
        // A recording's frames belong to the edges that were recorded with them.
        if (_source is RecordingCamera recording && camera.Trigger.Line is { } recorded)
            _trigger = recording.Line(recorded);
    }

    /// <summary>What is counted.</summary>
    public PipelineCounters Counters { get; }

    /// <summary>Times in each stage.</summary>
    public StageClock Stages { get; } = new();

    /// <summary>What was seen last.</summary>
    public LatestSeen Seen { get; }

    /// <summary>Lets somebody look at the next frame.</summary>
    public FrameTap Tap { get; } = new();

    /// <summary>Name of the active camera.</summary>
    public string CameraName => _camera;

    /// <summary>Frames that wait for the network.</summary>
    public int Waiting => _pipeline.Waiting;

    /// <summary>What the camera is doing.</summary>
    public CameraState CameraState => _source.State;

    /// <summary>True once the camera runs or is waited for.</summary>
    public bool IsStarted { get; private set; }

    /// <summary>How far frames have come.</summary>
    public FrameFlow Flow => new(_source.State, _mode, Counters.Captured, _busy.Frames, Counters.Inferred + Counters.Failed);

    /// <summary>The camera is broken, and nothing in this process helps: a supervisor is to start it anew. Told once, with the reason.</summary>
    public event Action<string>? GaveUp;

    /// <summary>Starts the camera. An absent one is waited for.</summary>
    /// <param name="cancellation">Gives up.</param>
    /// <exception cref="CameraException">The camera cannot be started and waiting would not help.</exception>
    public async Task StartAsync(CancellationToken cancellation)
    {
        _source.StateChanged += OnCamera;
        if (_trigger is not null)
        {
            _trigger.Changed += _gaps.OnLine;
            _trigger.Changed += _capture.OnLine;
        }
        await _source.StartAsync(OnFrame, cancellation);
        if (_readyLine is not null)
            _outputs.Set(_readyLine, true);
        IsStarted = true;
    }

    /// <summary>Loads what frames could be processed by instead; nothing changes yet. Lines, camera and trigger are those that run.</summary>
    /// <param name="options">Valid options; of them detector, rules, detections and version are looked at.</param>
    /// <param name="files">The network.</param>
    /// <param name="cancellation">Ends the build of an engine.</param>
    /// <returns>The recipe, for <see cref="Swap"/>; or released by the caller.</returns>
    /// <exception cref="IOException">The model's file cannot be opened.</exception>
    /// <exception cref="Vision.Engines.ModelException">The model cannot be used.</exception>
    /// <exception cref="Vision.Engines.EngineException">Nothing can run it here.</exception>
    /// <exception cref="InvalidConfigurationException">A rule names a class that the model has not.</exception>
    public Recipe Prepare(ApplianceOptions options, ModelFiles files, CancellationToken cancellation = default)
    {
        ArgumentNullException.ThrowIfNull(options);
        return _preparation.Make(options, files, Recipe, cancellation);
    }

    /// <summary>From the next captured frame on another recipe is used; frames that were captured before are finished by the one before.</summary>
    /// <param name="recipe">Of this appliance's <see cref="Prepare"/>; the appliance's from now on.</param>
    /// <returns>The recipe that ends; its <see cref="Recipe.Freed"/> tells when its last frame is done.</returns>
    public Recipe Swap(Recipe recipe)
    {
        ArgumentNullException.ThrowIfNull(recipe);
        Recipe before = _recipe.Swap(recipe);
        _status.SetModel(recipe.Model.Name);
        return before;
    }

    /// <summary>What frames are processed by now.</summary>
    public Recipe Recipe => _recipe.Current;

    /// <summary>Asks for a picture of now (trigger modes <c>software</c> and <c>edge</c>).</summary>
    /// <exception cref="InvalidOperationException">Another mode.</exception>
    public TriggerEdge Trigger() => _capture.Trigger();

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        if (_readyLine is not null)
            _outputs.Set(_readyLine, false);
        if (_trigger is not null)
        {
            _trigger.Changed -= _capture.OnLine;
            _trigger.Changed -= _gaps.OnLine;
        }
        await _source.StopAsync();
        _capture.Dispose();
        // Joins threads that still work on accepted frames: not a thing for this thread.
        await Task.Run(_pipeline.Dispose);
        await Task.WhenAny(_session.KeptAsync(), Task.Delay(KeepTimeout, _clock));
        _outputs.Dispose();
        _lines.Dispose();
        await _source.DisposeAsync();
        await _recipe.DisposeAsync();
    }

    private void OnFrame(CameraFrame frame)
    {
        Counters.CountCaptured();
        Tap.OnFrame(frame);
        _capture.OnFrame(frame);
    }

    private void OnCaptured(CapturedFrame captured)
    {
        TriggerEdge? edge = captured.Edge;
        Recipe recipe = _recipe.For(captured);
        if (edge is { } first && captured.Index == 0)
        {
            Counters.CountEdge();
            recipe.Rules.Expect(first);
        }
        _busy.Begin();
        switch (_pipeline.Offer(captured, recipe))
        {
            case IntakeResult.Replaced:
                Counters.CountDropped();
                _busy.End();
                break;
            case IntakeResult.Overrun:
                _reports.OnFrameRefused(edge!.Value);
                _busy.End();
                break;
            case IntakeResult.Stopped:
                _busy.End();
                break;
        }
    }

    // A part that no frame shows gets what the fail-safe says.
    private void OnEdge(TriggerOutcome outcome)
    {
        if (outcome.Index == 0)
            Recipe.Rules.Expect(outcome.Edge);
        _reports.OnEdge(outcome);
    }

    private void OnFinished(FrameResult result)
    {
        long before = _clock.GetTimestamp();
        Recipe recipe = result.Recipe;
        ReadOnlySpan<RuleOutcome> outcomes = recipe.Rules.Apply(result.Captured, result.Detections.Items, result.Width, result.Height);
        recipe.CountFrame();
        // A triggered frame is done when its message is on the disk: until then the line stays busy, and the next frame goes on.
        string message = recipe.Publisher.Publish(_camera, result, outcomes, _clock.GetElapsedTime(before), _frameDone);
        _evidence.Publish(_camera, result, outcomes, message);
        Counters.CountInferred();
        Counters.CountPublished();
        Stages.Add(result.Stages);
        _metrics.Finished(result.Sequence, result.Captured.Edge?.Id, result.Stages);
        Seen.Add(result);
        Tap.OnFinished(result);
        _viewer.Show(result);
        // A frame that was under way when the camera failed does not make it well.
        if (_status.State is not DeviceState.Ready && _source.State is not (CameraState.Stalled or CameraState.Failed))
            _status.Set(DeviceState.Ready);
    }

    private void OnFailed(CapturedFrame captured, Exception error)
    {
        _reports.OnFrameFailed(captured, error);
        _busy.End();
    }

    private void OnCamera(CameraStateChange change)
    {
        _reports.OnCamera(change);
        if (change.State is CameraState.Stalled or CameraState.Failed)
            _status.Set(DeviceState.Degraded, $"Camera {_camera}: {change.Reason}");
        else if (change.State is CameraState.Waiting && _status.State is DeviceState.Preparing)
            _status.Set(DeviceState.Preparing, $"Camera {_camera} is waited for: {change.Reason}");
        // Where frames are asked for, the first one may be hours away: a camera that delivers is all there is to wait for.
        else if (change.State is CameraState.Running && _status.State is (DeviceState.Preparing or DeviceState.Degraded)
            && (_mode != TriggerMode.FreeRun || Counters.Inferred > 0))
            _status.Set(DeviceState.Ready);
        if (change is { State: CameraState.Failed, Rung: RecoveryRung.HandOver })
            GaveUp?.Invoke($"Camera {_camera} cannot be brought back: {change.Reason}");
    }
}
