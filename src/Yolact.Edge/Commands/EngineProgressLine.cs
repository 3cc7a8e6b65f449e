using Yolact.Edge.Engines;

namespace Yolact.Edge.Commands;

/// <summary>How a build proceeds, on stderr: one line that changes on a terminal, elsewhere a line now and then as a sign of life.</summary>
internal sealed class EngineProgressLine : IProgress<EngineProgress>
{
    private static readonly TimeSpan Interval = TimeSpan.FromSeconds(30);

    private TimeSpan _next = TimeSpan.Zero;

    public void Report(EngineProgress value)
    {
        if (!Console.IsErrorRedirected)
        {
            Console.Error.Write($"\r\e[K{value}");
            return;
        }
        if (value.Elapsed < _next)
            return;
        _next = value.Elapsed + Interval;
        Console.Error.WriteLine(value);
    }
}
