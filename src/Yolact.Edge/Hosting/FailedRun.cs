using System.Text.RegularExpressions;

namespace Yolact.Edge.Hosting;

/// <summary>
/// How a run of the program ended badly. systemd tells it to the helper that runs afterwards (systemd.exec(5), "Environment Variables Set on
/// Service Manager's Initiative"); the helper leaves it to the next run, which says it over MQTT.
/// </summary>
/// <param name="Result"><c>$SERVICE_RESULT</c>: <c>watchdog</c>, <c>oom-kill</c>, <c>signal</c>, <c>core-dump</c>, <c>exit-code</c>, <c>timeout</c>, ...</param>
/// <param name="Status"><c>$EXIT_STATUS</c>: an exit code, or a signal's name.</param>
public sealed partial record FailedRun(string Result, string Status)
{
    private const string FileName = "failed-run";
    private const int MaxBytes = 100;

    /// <summary>One sentence for a person.</summary>
    public string Words => "The run before this one failed: " + Result switch
    {
        "watchdog" => "it stood still for longer than systemd's WatchdogSec, and was killed (watchdog).",
        "oom-kill" => "the kernel killed it, since memory was short (oom-kill).",
        "signal" or "core-dump" => $"signal {Status} ended it ({Result}).",
        "exit-code" => $"it ended with exit code {Status}.",
        "timeout" => "it did not start or stop in time (timeout).",
        _ => $"systemd calls it {Result} ({Status}).",
    };

    /// <summary>What systemd says of the run that has just ended, in the helper's environment.</summary>
    /// <param name="variable">Gives a variable of the environment.</param>
    /// <returns>Null where it ended well, asked for a restart, or systemd did not start this program.</returns>
    public static FailedRun? Of(Func<string, string?> variable)
    {
        ArgumentNullException.ThrowIfNull(variable);
        if (variable("SERVICE_RESULT") is not { } result || variable("EXIT_STATUS") is not { } status || result == "success")
            return null;
        return status == $"{Commands.ExitCode.Restart}" || !Word().IsMatch(result) || !Word().IsMatch(status) ? null : new(result, status);
    }

    /// <summary>Leaves it to the next run.</summary>
    /// <param name="folder">The state folder.</param>
    /// <exception cref="IOException">The file cannot be written.</exception>
    /// <exception cref="UnauthorizedAccessException">The folder is another user's.</exception>
    public void Leave(string folder)
    {
        Directory.CreateDirectory(folder);
        File.WriteAllText(Path.Combine(folder, FileName), $"{Result} {Status}\n");
    }

    /// <summary>What the helper left. It stays until <see cref="Forget"/>: a run that fails before its event is kept loses nothing.</summary>
    /// <param name="folder">The state folder.</param>
    /// <returns>Null where the run before ended well, or what is there cannot be read.</returns>
    public static FailedRun? Read(string folder)
    {
        var file = new FileInfo(Path.Combine(folder, FileName));
        try
        {
            if (!file.Exists || file.Length > MaxBytes)
                return null;
            string[] words = File.ReadAllText(file.FullName).Split(' ', StringSplitOptions.TrimEntries);
            return words.Length == 2 && words.All(word => Word().IsMatch(word)) ? new(words[0], words[1]) : null;
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            return null;
        }
    }

    /// <summary>Takes away what the helper left, readable or not. Where the folder cannot be written it stays, and is told again.</summary>
    /// <param name="folder">The state folder.</param>
    public static void Forget(string folder)
    {
        try
        {
            File.Delete(Path.Combine(folder, FileName));
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            // Told twice is better than not at all.
        }
    }

    [GeneratedRegex("^[A-Za-z0-9+-]{1,40}$")]
    private static partial Regex Word();
}
