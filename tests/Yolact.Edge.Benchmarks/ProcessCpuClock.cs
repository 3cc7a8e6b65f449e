using Perfolizer.Horology;

namespace Yolact.Edge.Benchmarks;

/// <summary>The CPU time of the whole process: what work costs that several threads share.</summary>
internal sealed class ProcessCpuClock : IClock
{
    public string Title => "process CPU time";

    public bool IsAvailable => OperatingSystem.IsLinux();

    public Frequency Frequency { get; } = new(TimeSpan.TicksPerSecond);

    public long GetTimestamp() => Environment.CpuUsage.TotalTime.Ticks;
}
