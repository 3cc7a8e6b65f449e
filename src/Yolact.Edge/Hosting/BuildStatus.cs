using Yolact.Edge.Engines;
using Yolact.Edge.Messaging.Payloads;

namespace Yolact.Edge.Hosting;

/// <summary>Says in the device's state that an engine is being built, until a network runs: then the old one works on meanwhile.</summary>
/// <param name="status">The device's state.</param>
internal sealed class BuildStatus(DeviceStatus status) : IProgress<EngineProgress>
{
    private static readonly TimeSpan Interval = TimeSpan.FromSeconds(10);

    private TimeSpan _next = TimeSpan.Zero;

    /// <inheritdoc/>
    public void Report(EngineProgress value)
    {
        if (value.Elapsed < _next || status.State is not (DeviceState.Init or DeviceState.Preparing))
            return;
        _next = value.Elapsed + Interval;
        status.Set(DeviceState.Preparing, $"{value}");
    }
}
