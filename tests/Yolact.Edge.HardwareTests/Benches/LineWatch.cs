using System.Globalization;

namespace Yolact.Edge.HardwareTests.Benches;

/// <summary>A line's level from a time on.</summary>
/// <param name="Time">CLOCK_MONOTONIC of the device in ns when it was seen: the guest's watcher looks every 0.3 ms.</param>
/// <param name="Line">The line.</param>
/// <param name="Level">Its level.</param>
public readonly record struct LineChange(long Time, BenchLine Line, bool Level);

/// <summary>Lines that are being watched: "time number level" for each change, the levels at the start first.</summary>
/// <param name="process">The watcher on the device.</param>
/// <param name="seconds">How long it watches.</param>
public sealed class LineWatch(RemoteProcess process, double seconds) : IAsyncDisposable
{
    /// <summary>Waits until the watcher looks.</summary>
    public async Task StartedAsync(int lines) =>
        Assert.NotNull(await process.WaitAsync(seen => seen.Length >= lines ? seen : null, TimeSpan.FromMinutes(2)));

    /// <summary>All changes so far, the levels at the start first.</summary>
    public LineChange[] Changes => [.. process.Lines.Where(line => line.Split(' ').Length == 3).Select(Parse)];

    /// <summary>Waits until the time is over.</summary>
    /// <returns>All changes, the levels at the start first.</returns>
    public async Task<LineChange[]> EndAsync()
    {
        string[] lines = await process.EndAsync(TimeSpan.FromSeconds(60 + 30 * seconds));
        return [.. lines.Select(Parse)];
    }

    /// <inheritdoc/>
    public ValueTask DisposeAsync() => process.DisposeAsync();

    private static LineChange Parse(string text)
    {
        string[] parts = text.Split(' ');
        return new(long.Parse(parts[0], CultureInfo.InvariantCulture), (BenchLine)int.Parse(parts[1], CultureInfo.InvariantCulture), parts[2] == "1");
    }
}
