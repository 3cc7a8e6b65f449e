using System.Globalization;
using Microsoft.Extensions.Hosting.Systemd;
using Yolact.Edge.Messaging.Payloads;

namespace Yolact.Edge.Hosting;

/// <summary>
/// While the device prepares (an engine is built, say) tells systemd what it waits for, and asks for more time each time: a first build takes
/// longer than a start may. Does nothing outside systemd.
/// </summary>
public sealed class SystemdPreparing(DeviceStatus status, TimeProvider clock, ISystemdNotifier? notifier = null) : BackgroundService
{
    private static readonly TimeSpan Interval = TimeSpan.FromSeconds(5);
    private static readonly TimeSpan Extension = TimeSpan.FromSeconds(60);

    /// <inheritdoc/>
    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        if (notifier is not { IsEnabled: true })
            return;
        using var timer = new PeriodicTimer(Interval, clock);
        do
        {
            if (status.State is DeviceState.Init or DeviceState.Preparing)
                notifier.Notify(new ServiceState(Words()));
        }
        while (await timer.WaitForNextTickAsync(stoppingToken));
    }

    private string Words() => string.Create(CultureInfo.InvariantCulture,
        $"EXTEND_TIMEOUT_USEC={(long)Extension.TotalMicroseconds}\nSTATUS={(status.Reasons is [{ } reason, ..] ? reason : "starting")}");
}
