using System.Globalization;
using Microsoft.Extensions.Hosting.Systemd;

namespace Yolact.Edge.Hosting;

/// <summary>What systemd, or whoever else set <c>NOTIFY_SOCKET</c>, wants to hear.</summary>
public static class Supervisor
{
    /// <summary>True where somebody restarts this program when it ends, and waits for notifications.</summary>
    public static bool IsThere => Environment.GetEnvironmentVariable("NOTIFY_SOCKET") is { Length: > 0 };

    /// <summary>The watchdog's period; null where there is none. Within each a ping is expected.</summary>
    public static TimeSpan? WatchdogPeriod =>
        long.TryParse(Environment.GetEnvironmentVariable("WATCHDOG_USEC"), NumberStyles.None, CultureInfo.InvariantCulture, out long period) && period > 0
            ? TimeSpan.FromMicroseconds(period)
            : null;

    /// <summary>
    /// Tells the supervisor how the appliance fares. In place of <c>UseSystemd</c>, which says READY=1 as soon as the host runs: a network that takes
    /// minutes to prepare, or cannot be used at all, would go unnoticed.
    /// </summary>
    /// <param name="services">The program's services.</param>
    public static void AddSupervisor(this IServiceCollection services)
    {
        if (!IsThere)
            return;
        services.AddSingleton<ISystemdNotifier, SystemdNotifier>();
        services.AddHostedService(provider => new SupervisorReports(provider.GetRequiredService<ApplianceState>(), provider.GetRequiredService<DeviceStatus>(),
            provider.GetRequiredService<TimeProvider>(), provider.GetRequiredService<ISystemdNotifier>(), WatchdogPeriod));
    }
}
