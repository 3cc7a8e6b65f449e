using System.Diagnostics;
using System.Globalization;

namespace Yolact.Edge.Messaging.Tests.Faults;

/// <summary>The worker process: what it promised, stream by stream, until it was killed or had drained.</summary>
internal sealed class Worker
{
    private static readonly string Program = Path.Combine(AppContext.BaseDirectory, "Yolact.Edge.Messaging.Worker");

    private readonly Process _process;
    private readonly long[] _kept;
    private readonly TaskCompletionSource<string> _drained = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly Task _reading;
    private readonly Task<string> _errors;

    private Worker(Process process, string run, int streams)
    {
        (_process, Run, _kept) = (process, run, new long[streams]);
        _reading = Task.Run(ReadAsync);
        _errors = process.StandardError.ReadToEndAsync();
    }

    public string Run { get; }

    /// <summary>Of each stream the number of the last message that was promised; those before it were too.</summary>
    public long[] Kept => [.. _kept.Select((_, stream) => Interlocked.Read(ref _kept[stream]))];

    public bool HasEnded => _process.HasExited;

    public static Worker Start(int port, string outbox, string run, int streams) => new(
        Process.Start(new ProcessStartInfo(Program, [$"{port}", outbox, run])
        {
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        })!, run, streams);

    /// <summary>Kills it with SIGKILL, and hears out what it had said.</summary>
    public async Task KillAsync()
    {
        _process.Kill();
        await _process.WaitForExitAsync();
        await _reading;
    }

    /// <summary>Has it promise no more, and waits until the broker has acknowledged everything.</summary>
    /// <returns>Bytes written to the outbox and commits, since its last start.</returns>
    public async Task<(long Bytes, long Commits)> DrainAsync(CancellationToken cancellation)
    {
        await _process.StandardInput.WriteLineAsync("drain");
        await _process.StandardInput.FlushAsync(cancellation);
        long[] figures = [.. (await _drained.Task.WaitAsync(cancellation)).Split(' ').Skip(1).Select(long.Parse)];
        await _process.WaitForExitAsync(cancellation);
        return (figures[0], figures[1]);
    }

    private async Task ReadAsync()
    {
        while (await _process.StandardOutput.ReadLineAsync() is { } line)
        {
            string[] words = line.Split(' ');
            if (words is ["kept", var stream, var number])
                Interlocked.Exchange(ref _kept[int.Parse(stream, CultureInfo.InvariantCulture)], long.Parse(number, CultureInfo.InvariantCulture));
            else if (words[0] == "drained")
                _drained.TrySetResult(line);
        }
        if (!_drained.Task.IsCompleted)
            _drained.TrySetException(new InvalidOperationException($"The worker ended: {await _errors}"));
    }
}
