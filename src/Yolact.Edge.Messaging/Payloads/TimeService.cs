using System.ComponentModel;
using System.Diagnostics;

namespace Yolact.Edge.Messaging.Payloads;

/// <summary>What another process says of the wall clock. Reading never waits: it gives the last answer, and asks anew where that is old.</summary>
/// <param name="ask">Asks; true where the clock is synchronised.</param>
/// <param name="clock">Tells how old an answer is.</param>
internal sealed class TimeService(Func<CancellationToken, Task<bool>> ask, TimeProvider clock)
{
    /// <summary>How long an answer holds.</summary>
    internal static readonly TimeSpan Holds = TimeSpan.FromSeconds(30);

    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(10);

    private readonly Lock _lock = new();
    private bool _answer;
    private long? _askedAt;

    /// <summary>The last answer; false before the first.</summary>
    public bool IsSynchronized
    {
        get
        {
            lock (_lock)
            {
                if (_askedAt is not { } at || clock.GetElapsedTime(at) >= Holds)
                {
                    _askedAt = clock.GetTimestamp();
                    _ = Task.Run(AskAsync);
                }
                return _answer;
            }
        }
    }

    /// <summary>Asks systemd's time and date service, which knows it whatever program keeps the clock (org.freedesktop.timedate1).</summary>
    /// <param name="cancellation">Gives up.</param>
    /// <returns>True where the clock is synchronised; false also where nobody answers.</returns>
    public static async Task<bool> AskTimeDateAsync(CancellationToken cancellation)
    {
        var start = new ProcessStartInfo("/usr/bin/timedatectl", ["show", "--property=NTPSynchronized", "--value"])
        {
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };
        try
        {
            using Process process = Process.Start(start)!;
            try
            {
                string text = await process.StandardOutput.ReadToEndAsync(cancellation);
                await process.WaitForExitAsync(cancellation);
                return text.Trim() == "yes";
            }
            catch (OperationCanceledException)
            {
                process.Kill();
                return false;
            }
        }
        catch (Win32Exception)
        {
            return false; // not a machine with systemd
        }
    }

    private async Task AskAsync()
    {
        using var patience = new CancellationTokenSource(Patience, clock);
        bool answer = await ask(patience.Token);
        lock (_lock)
            _answer = answer;
    }
}
