using System.Globalization;
using Microsoft.Extensions.Hosting.Systemd;
using Yolact.Edge.Messaging.Payloads;

namespace Yolact.Edge.Hosting;

/// <summary>
/// Tells systemd how the appliance fares: READY=1 when it can be reached and steered, that is, when the network is loaded and the camera runs or is
/// waited for, or in safe mode; before that, that the start may take longer; a status text; and the watchdog's pings as long as frames flow where
/// they should. When they cease, so do the pings, and systemd restarts the program.
/// </summary>
/// <param name="state">The appliance.</param>
/// <param name="status">The device's state.</param>
/// <param name="clock">Measures.</param>
/// <param name="notifier">Reaches systemd.</param>
/// <param name="watchdog">The watchdog's period; null for none.</param>
public sealed class SupervisorReports(ApplianceState state, DeviceStatus status, TimeProvider clock, ISystemdNotifier notifier, TimeSpan? watchdog)
    : BackgroundService
{
    private const int PingsPerPeriod = 3;

    private static readonly TimeSpan LongestInterval = TimeSpan.FromSeconds(2);

    /// <summary>How much longer the start may take from each notice on: several intervals, since this thread may be late on a busy machine.</summary>
    private static readonly TimeSpan Extension = TimeSpan.FromSeconds(30);

    private readonly FrameWatch _watch = new();
    private bool _ready;

    /// <inheritdoc/>
    public override Task StopAsync(CancellationToken cancellationToken)
    {
        notifier.Notify(ServiceState.Stopping);
        return base.StopAsync(cancellationToken);
    }

    /// <inheritdoc/>
    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        TimeSpan interval = watchdog / PingsPerPeriod is { } third && third < LongestInterval ? third : LongestInterval;
        using var timer = new PeriodicTimer(interval, clock);
        long pinged = clock.GetTimestamp();
        do
        {
            if (!_ready)
                Start();
            notifier.Notify(new ServiceState($"STATUS={Words()}"));
            // Frames are given a third of the period to flow; who looks more often than they come would see none.
            if (watchdog is not { } period || clock.GetElapsedTime(pinged) < period / PingsPerPeriod * 0.9)
                continue;
            pinged = clock.GetTimestamp();
            if (_watch.IsAlive(state.Appliance))
                notifier.Notify(new ServiceState("WATCHDOG=1"));
        }
        while (await timer.WaitForNextTickAsync(stoppingToken));
    }

    private void Start()
    {
        _ready = state.Appliance is { IsStarted: true } || status.State is DeviceState.SafeMode;
        notifier.Notify(_ready
            ? ServiceState.Ready
            : new ServiceState(string.Create(CultureInfo.InvariantCulture, $"EXTEND_TIMEOUT_USEC={(long)Extension.TotalMicroseconds}")));
    }

    private string Words()
    {
        string reasons = status.Reasons.Count == 0 ? "" : $" ({string.Join("; ", status.Reasons).ReplaceLineEndings(" ")})";
        string words = status.State.ToString().ToLowerInvariant() + reasons;
        return state.Appliance is not { } appliance
            ? words
            : string.Create(CultureInfo.InvariantCulture, $"{words}; camera {appliance.CameraState}, {appliance.Seen.Fps:F1} frames/s, {appliance.Counters.Inferred} frames");
    }
}
