using System.Runtime.InteropServices;
using Perfolizer.Horology;

namespace Yolact.Edge.Benchmarks;

/// <summary>
/// The CPU time of the calling thread (CLOCK_THREAD_CPUTIME_ID of Linux): what a kernel on one thread costs, however busy the machine is
/// with other things.
/// </summary>
internal sealed partial class ThreadCpuClock : IClock
{
    private const int ThreadCpuTime = 3;
    private const long NanosecondsPerSecond = 1_000_000_000;

    public string Title => "thread CPU time";

    public bool IsAvailable => OperatingSystem.IsLinux();

    public Frequency Frequency { get; } = new(NanosecondsPerSecond);

    public long GetTimestamp()
    {
        _ = GetTime(ThreadCpuTime, out TimeSpec time);
        return (time.Seconds * NanosecondsPerSecond) + time.Nanoseconds;
    }

    [LibraryImport("libc", EntryPoint = "clock_gettime")]
    private static partial int GetTime(int clock, out TimeSpec time);

    private struct TimeSpec
    {
        public nint Seconds;
        public nint Nanoseconds;
    }
}
