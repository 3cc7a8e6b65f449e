using Yolact.Edge.Capture.Cameras;
using Yolact.Edge.Capture.Triggers;
using Yolact.Edge.Configuration;
using Yolact.Edge.Configuration.Remote;
using Yolact.Edge.Messaging.Commands.Requests;
using Yolact.Edge.Messaging.Payloads;
using Yolact.Edge.Messaging.Payloads.Detections;
using Yolact.Edge.Model.Import;
using Yolact.Edge.Models;
using Yolact.Edge.Pipeline;
using Yolact.Edge.Vision.Engines;

namespace Yolact.Edge.Hosting;

/// <summary>
/// Lets configurations run: network, rules and messages are exchanged between two frames; for another camera or other lines the appliance
/// is made anew, when every accepted frame is finished; the connection last, so that what went wrong before can still be said.
/// </summary>
/// <param name="link">The connection.</param>
/// <param name="make">Makes an appliance, which is not started yet.</param>
/// <param name="models">Where models come from.</param>
/// <param name="state">Is told what runs.</param>
/// <param name="status">The device's state.</param>
/// <param name="events">Where events go.</param>
/// <param name="clock">Measures.</param>
public sealed class ApplianceTarget(BrokerLink link, Func<ApplianceOptions, ModelFiles, Appliance> make, ModelStore models, ApplianceState state,
    DeviceStatus status, EventPublisher events, TimeProvider clock) : IConfigurationTarget, IAsyncDisposable
{
    private static readonly TimeSpan Poll = TimeSpan.FromMilliseconds(50);

    private Appliance? _appliance;
    private ApplianceOptions? _inForce;
    private Messaging.MqttOptions? _connected;
    private long _connections;
    private long _captured;
    private bool _expectsFrame;

    /// <summary>Version of the configuration in force; null in safe mode, or before there is one.</summary>
    public string? Version => Volatile.Read(ref _inForce)?.Version;

    /// <summary>Seconds between two health messages.</summary>
    public int HealthIntervalS { get; private set; } = new Telemetry.TelemetryOptions().HealthIntervalS;

    /// <inheritdoc/>
    public async Task ApplyAsync(LoadedConfiguration configuration, ConfigurationPlan plan, CancellationToken cancellation)
    {
        ArgumentNullException.ThrowIfNull(configuration);
        ArgumentNullException.ThrowIfNull(plan);
        ApplianceOptions options = configuration.Options;
        try
        {
            bool delivers = _appliance is { CameraState: CameraState.Running } running && running.Counters.Captured > 0;
            if (_appliance is null || (!ReferenceEquals(_inForce, options) && plan.Touches(Touched.Capture | Touched.Recipe)))
            {
                ModelFiles files = await models.ObtainAsync(options.Model, cancellation);
                if (_appliance is { } appliance && !plan.Touches(Touched.Capture) && !NeedsRoom(options))
                    await SwapAsync(appliance, options, files, cancellation);
                else
                    await RebuildAsync(options, files, cancellation);
            }
            _inForce = options;
            // A camera that was down before is not the fault of a document that does not touch it.
            _expectsFrame = plan.Touches(Touched.Capture) || delivers;
            HealthIntervalS = options.Telemetry.HealthIntervalS;
        }
        catch (InvalidConfigurationException error)
        {
            throw new ConfigurationFailedException(error.Errors, ReportCode.Invalid, error);
        }
        catch (Exception error) when (error is ModelException or EngineException or Engines.BudgetException or ModelRefusedException or FileNotFoundException)
        {
            throw new ConfigurationFailedException("/model", error.Message, error);
        }
        catch (DownloadException error)
        {
            throw new ConfigurationFailedException([new("/model/download", error.Message)], ReportCode.Failed, error) { MayPass = true };
        }
        catch (CameraException error)
        {
            throw new ConfigurationFailedException("/cameras", error.Message, error);
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException or NotSupportedException)
        {
            throw new ConfigurationFailedException("", error.Message, error);
        }
        await ConnectAsync(options, plan);
    }

    /// <inheritdoc/>
    public async Task EnterSafeModeAsync(LoadedConfiguration configuration, IReadOnlyList<ConfigurationError> errors, CancellationToken cancellation)
    {
        ArgumentNullException.ThrowIfNull(configuration);
        await EndAsync();
        _inForce = null;
        status.Set(DeviceState.SafeMode, [.. errors.Take(20).Select(error => error.ToString())]);
        await ConnectAsync(configuration.Options, new ConfigurationPlan(Touched.Connection, []));
    }

    /// <inheritdoc/>
    public async Task<IReadOnlyList<ConfigurationError>> ProveAsync(ConfigurationPlan plan, TimeSpan limit, CancellationToken cancellation)
    {
        ArgumentNullException.ThrowIfNull(plan);
        long start = clock.GetTimestamp();
        while (true)
        {
            List<ConfigurationError> missing = Missing(plan);
            if (missing.Count == 0 || clock.GetElapsedTime(start) >= limit)
                return missing;
            await Task.Delay(Poll, clock, cancellation);
        }
    }

    /// <summary>Loads the files of the model in force anew, tests them, and exchanges them between two frames; what fails changes nothing.</summary>
    /// <param name="cancellation">Gives up.</param>
    /// <returns>The model that runs now, and the one before.</returns>
    /// <exception cref="ConfigurationFailedException">No model runs, or two would not fit, or the new one fails its test.</exception>
    /// <exception cref="ModelException">The file is none that can be loaded.</exception>
    public async Task<ReloadModelResult> ReloadModelAsync(CancellationToken cancellation)
    {
        if (_appliance is not { } appliance || _inForce is not { } options)
            throw new ConfigurationFailedException("/model", "no model runs in safe mode; send a configuration that works");
        if (!FitBeside(options))
            throw new ConfigurationFailedException("/model/swap", "two networks at once do not fit ('after', or the memory budget); ask for a restart");
        string before = appliance.Recipe.Model.Sha256;
        await SwapAsync(appliance, options, await models.ObtainAsync(options.Model, cancellation), cancellation);
        ModelTrace now = appliance.Recipe.Model;
        return new ReloadModelResult(now.Name, now.Sha256, before);
    }

    /// <summary>Ends capture, finishes accepted frames and makes lines safe.</summary>
    public async ValueTask DisposeAsync() => await EndAsync();

    private List<ConfigurationError> Missing(ConfigurationPlan plan)
    {
        List<ConfigurationError> missing = [];
        if (_expectsFrame && _appliance is { } appliance)
        {
            if (appliance.Counters.Captured == _captured)
                missing.Add(new("/cameras", $"the camera delivers no frame (it is {appliance.CameraState.ToString().ToLowerInvariant()})"));
            else if (appliance.Flow.Mode == TriggerMode.FreeRun && appliance.Recipe.Frames == 0)
                missing.Add(new("", "no frame has come through the network"));
        }
        if (plan.Touches(Touched.Connection) && (link.Session.Connections == _connections || !link.Session.IsListening))
            missing.Add(new("/mqtt", $"the broker was not reached: {link.Session.Problem ?? "it has not answered yet"}"));
        return missing;
    }

    private async Task SwapAsync(Appliance appliance, ApplianceOptions options, ModelFiles files, CancellationToken cancellation)
    {
        string before = appliance.Recipe.Model.Sha256;
        Recipe recipe = await Task.Run(() => appliance.Prepare(options, files), cancellation);
        try
        {
            await Task.Run(() => SelfTest.Run(recipe.Detector, options.Model.SelfTest), cancellation);
        }
        catch
        {
            recipe.Release();
            throw;
        }
        appliance.Swap(recipe);
        _captured = appliance.Counters.Captured;
        if (before != recipe.Model.Sha256)
            events.Publish(DeviceEvent.ModelSwapped, EventSeverity.Info, $"Model {recipe.Model.Name} ({recipe.Model.Sha256[..12]}) runs now.");
    }

    private async Task RebuildAsync(ApplianceOptions options, ModelFiles files, CancellationToken cancellation)
    {
        string? before = _appliance?.Recipe.Model.Sha256;
        await EndAsync();
        status.Set(DeviceState.Preparing, "The network is being loaded.");
        Appliance appliance = await Task.Run(() => make(options, files), cancellation);
        try
        {
            await Task.Run(() => SelfTest.Run(appliance.Recipe.Detector, options.Model.SelfTest), cancellation);
            status.Set(DeviceState.Preparing, "The camera has delivered no frame yet.");
            (_appliance, state.Appliance, _captured) = (appliance, appliance, appliance.Counters.Captured);
            await appliance.StartAsync(cancellation);
        }
        catch
        {
            (_appliance, state.Appliance) = (null, null);
            await appliance.DisposeAsync();
            throw;
        }
        if (before is not null && before != appliance.Recipe.Model.Sha256)
            events.Publish(DeviceEvent.ModelSwapped, EventSeverity.Info, $"Model {appliance.Recipe.Model.Name} ({appliance.Recipe.Model.Sha256[..12]}) runs now.");
    }

    private async Task EndAsync()
    {
        Appliance? appliance = _appliance;
        (_appliance, state.Appliance) = (null, null);
        if (appliance is not null)
            await appliance.DisposeAsync();
    }

    private async Task ConnectAsync(ApplianceOptions options, ConfigurationPlan plan)
    {
        // The link was opened with what the program began with.
        _connected ??= options.Mqtt;
        if (!plan.Touches(Touched.Connection) || _connected == options.Mqtt)
            return;
        _connections = link.Session.Connections;
        await link.UseAsync(options.Mqtt);
        _connected = options.Mqtt;
    }

    // Two networks at once need the memory of both; where there is none, the running one goes first.
    private bool NeedsRoom(ApplianceOptions options) => !FitBeside(options) && _inForce is { } before
        && ((before.Model.Path, before.Model.Download) != (options.Model.Path, options.Model.Download) || before.Detector.Engine != options.Detector.Engine);

    private bool FitBeside(ApplianceOptions options) =>
        options.Model.Swap == ModelSwap.Beside && _appliance?.Recipe.Engine is not { LeavesRoomForAnother: false };
}
