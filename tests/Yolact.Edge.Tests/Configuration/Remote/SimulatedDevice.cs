using Yolact.Edge.Capture.Cameras;
using Yolact.Edge.Configuration;
using Yolact.Edge.Configuration.Remote;

namespace Yolact.Edge.Tests.Configuration.Remote;

/// <summary>
/// A device without cameras and networks: what is applied runs, unless it names a broker called dead, a USB camera (which gives no frame)
/// or a model called broken. Steps have names, at which a test can let the process die.
/// </summary>
internal sealed class SimulatedDevice(Action<string>? step = null) : IConfigurationTarget
{
    /// <summary>What runs; null while one thing is exchanged for another, and in safe mode.</summary>
    public LoadedConfiguration? Running { get; private set; }

    public IReadOnlyList<ConfigurationError>? SafeMode { get; private set; }

    /// <summary>Versions in the order in which they were applied.</summary>
    public List<string> Applied { get; } = [];

    public Task ApplyAsync(LoadedConfiguration configuration, ConfigurationPlan plan, CancellationToken cancellation)
    {
        Applied.Add(configuration.Options.Version);
        step?.Invoke($"apply {configuration.Options.Version}");
        Running = null;
        SafeMode = null;
        step?.Invoke("between");
        if (configuration.Options.Model.Path == "broken")
            throw new ConfigurationFailedException("/model", "it is broken");
        Running = configuration;
        step?.Invoke("applied");
        return Task.CompletedTask;
    }

    public Task EnterSafeModeAsync(LoadedConfiguration configuration, IReadOnlyList<ConfigurationError> errors, CancellationToken cancellation)
    {
        (Running, SafeMode) = (null, errors);
        return Task.CompletedTask;
    }

    public Task<IReadOnlyList<ConfigurationError>> ProveAsync(ConfigurationPlan plan, TimeSpan limit, CancellationToken cancellation)
    {
        step?.Invoke("prove");
        List<ConfigurationError> missing = [];
        if (Running!.Options.Mqtt.Host == "dead")
            missing.Add(new("/mqtt", "nothing listens there"));
        if (Running.Options.Cameras.Any(camera => camera.Active && camera.Kind == CameraKind.Usb))
            missing.Add(new("/cameras", "the camera delivers no frame"));
        step?.Invoke("proved");
        return Task.FromResult<IReadOnlyList<ConfigurationError>>(missing);
    }
}
