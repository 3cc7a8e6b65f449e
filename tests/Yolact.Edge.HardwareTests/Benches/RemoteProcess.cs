using System.Diagnostics;

namespace Yolact.Edge.HardwareTests.Benches;

/// <summary>A command on the device that goes on, and the lines that it has written.</summary>
public sealed class RemoteProcess : IAsyncDisposable
{
    private readonly Process _process;
    private readonly Lock _lock = new();
    private readonly List<string> _lines = [];
    private readonly Task _reading;
    private TaskCompletionSource _news = NewSignal();

    internal RemoteProcess(Process process)
    {
        _process = process;
        _ = process.StandardError.ReadToEndAsync();
        _reading = ReadAsync();
    }

    /// <summary>All lines so far.</summary>
    public string[] Lines
    {
        get
        {
            lock (_lock)
                return [.. _lines];
        }
    }

    /// <summary>Waits until it has ended.</summary>
    /// <returns>All its lines.</returns>
    public async Task<string[]> EndAsync(TimeSpan timeout)
    {
        await _reading.WaitAsync(timeout);
        return Lines;
    }

    /// <summary>Waits until the lines fulfil a condition.</summary>
    /// <returns>Null where they did not in time.</returns>
    public async Task<T?> WaitAsync<T>(Func<string[], T?> condition, TimeSpan timeout)
        where T : class
    {
        var watch = Stopwatch.StartNew();
        while (true)
        {
            Task news;
            lock (_lock)
                news = _news.Task;
            if (condition(Lines) is { } found)
                return found;
            TimeSpan left = timeout - watch.Elapsed;
            if (left <= TimeSpan.Zero)
                return null;
            await Task.WhenAny(news, Task.Delay(left));
        }
    }

    /// <summary>Ends it.</summary>
    public async ValueTask DisposeAsync()
    {
        if (!_process.HasExited)
            _process.Kill();
        await _reading;
        _process.Dispose();
    }

    private static TaskCompletionSource NewSignal() => new(TaskCreationOptions.RunContinuationsAsynchronously);

    private async Task ReadAsync()
    {
        while (await _process.StandardOutput.ReadLineAsync() is { } line)
        {
            lock (_lock)
            {
                _lines.Add(line);
                _news.TrySetResult();
                _news = NewSignal();
            }
        }
    }
}
