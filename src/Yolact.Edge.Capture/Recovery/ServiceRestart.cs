using System.Diagnostics;

namespace Yolact.Edge.Capture.Recovery;

/// <summary>
/// Restarts a system service through systemd; a polkit rule lets the appliance's user do that for <c>nvargus-daemon</c>, and a
/// path unit where polkit is too old.
/// </summary>
public static class ServiceRestart
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(30);
    private static readonly TimeSpan RequestPatience = TimeSpan.FromSeconds(5);

    /// <summary>The service that owns a Jetson's CSI sensors.</summary>
    public const string Argus = "nvargus-daemon.service";

    /// <summary>Restarts a service.</summary>
    /// <param name="service">Name of the unit.</param>
    /// <param name="cancellation">Gives up waiting.</param>
    /// <returns>Null where it worked; else why not.</returns>
    public static async Task<string?> RunAsync(string service, CancellationToken cancellation)
    {
        var start = new ProcessStartInfo("systemctl") { RedirectStandardError = true, RedirectStandardOutput = true };
        foreach (string argument in new[] { "--no-ask-password", "restart", service })
            start.ArgumentList.Add(argument);
        using var patience = CancellationTokenSource.CreateLinkedTokenSource(cancellation);
        patience.CancelAfter(Patience);
        Process? process = null;
        try
        {
            process = Process.Start(start);
            if (process is null)
                return "systemctl does not start";
            string error = await process.StandardError.ReadToEndAsync(patience.Token).ConfigureAwait(false);
            await process.WaitForExitAsync(patience.Token).ConfigureAwait(false);
            if (process.ExitCode == 0)
                return null;
            string refused = $"systemctl restart {service} exited with {process.ExitCode}: {error.Trim()}";
            if (service != Argus || Environment.GetEnvironmentVariable("RUNTIME_DIRECTORY") is not { Length: > 0 } folder)
                return refused;
            string? unheard = await RestartRequest.AskAsync(folder, RequestPatience, cancellation).ConfigureAwait(false);
            return unheard is null ? null : $"{refused}; {unheard}";
        }
        catch (System.ComponentModel.Win32Exception error)
        {
            return $"systemctl cannot be run: {error.Message}";
        }
        catch (OperationCanceledException) when (!cancellation.IsCancellationRequested)
        {
            process?.Kill();
            return $"systemctl restart {service} took longer than {Patience.TotalSeconds:0} s";
        }
        finally
        {
            process?.Dispose();
        }
    }
}
