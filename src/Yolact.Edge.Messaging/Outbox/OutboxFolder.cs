using System.Globalization;
using Yolact.Edge.Messaging.Outbox.Disk;

namespace Yolact.Edge.Messaging.Outbox;

/// <summary>Where the outbox lies when nobody says.</summary>
internal static class OutboxFolder
{
    private const int WorkersTried = 16;

    /// <summary>
    /// <c>outbox/{device}</c> in the state folder. State, not cache: it must outlive a restart, and nobody may clean it up. The temporary
    /// folder is the last resort, of a user without a home: it is emptied at boot, so messages then outlive the process only.
    /// </summary>
    /// <param name="device">The device's name.</param>
    /// <param name="variable">Reads an environment variable.</param>
    public static string Default(string device, Func<string, string?> variable)
    {
        string state = Set("STATE_DIRECTORY") is { } systemd ? systemd.Split(':')[0]
            : System.IO.Path.Combine(Set("XDG_STATE_HOME") ?? Home() ?? System.IO.Path.GetTempPath(), "yolact-edge");
        return System.IO.Path.Combine(state, "outbox", device);

        string? Set(string name) => variable(name) is { Length: > 0 } value ? value : null;
        string? Home() => Set("HOME") is { } home ? System.IO.Path.Combine(home, ".local", "state") : null;
    }

    /// <summary>
    /// Two workers of one name on one machine, as on a developer's, do not share a folder: the second takes the one beside it.
    /// </summary>
    /// <param name="folder">The first one's.</param>
    /// <param name="open">Opens the log in a folder.</param>
    /// <exception cref="OutboxInUseException">All are taken.</exception>
    public static T FirstFree<T>(string folder, Func<string, T> open)
    {
        for (int worker = 1; ; worker++)
        {
            try
            {
                return open(worker == 1 ? folder : string.Create(CultureInfo.InvariantCulture, $"{folder}.{worker}"));
            }
            catch (OutboxInUseException) when (worker < WorkersTried)
            {
                // The next one.
            }
        }
    }
}
