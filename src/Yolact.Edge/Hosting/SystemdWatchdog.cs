using System.Globalization;
using Microsoft.Extensions.Hosting.Systemd;

namespace Yolact.Edge.Hosting;

/// <summary>
/// Pings systemd's watchdog as long as frames flow where they should; when they cease, so do the pings, and systemd restarts the program. Does
/// nothing outside systemd, or in a unit without <c>WatchdogSec=</c>.
/// </summary>
public sealed class SystemdWatchdog(ApplianceState state, TimeProvider clock, ISystemdNotifier? notifier = null) : BackgroundService
{
    private const int PingsPerPeriod = 3;

    private long _lastInferred = -1;

    /// <inheritdoc/>
    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        if (notifier is not { IsEnabled: true }
            || !long.TryParse(Environment.GetEnvironmentVariable("WATCHDOG_USEC"), NumberStyles.None, CultureInfo.InvariantCulture, out long period) || period <= 0)
            return;
        using var timer = new PeriodicTimer(TimeSpan.FromMicroseconds(period / PingsPerPeriod), clock);
        while (await timer.WaitForNextTickAsync(stoppingToken))
        {
            Appliance? appliance = state.Appliance;
            notifier.Notify(new ServiceState($"STATUS={Words(appliance)}"));
            if (IsAlive(appliance))
                notifier.Notify(new ServiceState("WATCHDOG=1"));
        }
    }

    /// <summary>True where frames were inferred since the last call, or none are expected.</summary>
    internal bool IsAlive(Appliance? appliance)
    {
        if (appliance is null)
            return true; // starting, or waiting for its configuration: the start-up timeout watches over that
        long inferred = appliance.Counters.Inferred;
        bool moved = inferred != _lastInferred;
        _lastInferred = inferred;
        return moved || (!appliance.ExpectsFrames && appliance.Waiting == 0);
    }

    private static string Words(Appliance? appliance) => appliance is null
        ? "starting"
        : string.Create(CultureInfo.InvariantCulture, $"camera {appliance.CameraState}, {appliance.Seen.Fps:F1} frames/s, {appliance.Counters.Inferred} frames");
}
