using System.Runtime.InteropServices;

namespace Yolact.Edge.Capture.Outputs;

/// <summary>Calls back at a moment of its clock.</summary>
internal interface IWakeUp : IDisposable
{
    /// <summary>Calls back at <paramref name="due"/> (ns) instead of whenever was asked before; null: never.</summary>
    void At(long? due);
}

/// <summary>By the clock's own timers: what virtual time needs.</summary>
internal sealed class TimerWakeUp(TimeProvider clock, Action callback) : IWakeUp
{
    private readonly ITimer _timer = clock.CreateTimer(_ => callback(), null, Timeout.InfiniteTimeSpan, Timeout.InfiniteTimeSpan);

    public void At(long? due)
    {
        // Up to the next 100 ns: a wake-up before the time would find nothing due.
        TimeSpan wait = due is { } moment
            ? TimeSpan.FromTicks(Math.Max(0, (moment - MonotonicTime.Now(clock).Nanoseconds + 99) / 100))
            : Timeout.InfiniteTimeSpan;
        _timer.Change(wait, Timeout.InfiniteTimeSpan);
    }

    public void Dispose() => _timer.Dispose();
}

/// <summary>By a thread of its own, which sleeps to the microsecond: the thread pool's timers have a millisecond's resolution and wait
/// for a free thread.</summary>
internal sealed partial class ThreadWakeUp : IWakeUp
{
    private const int ClockMonotonic = 1;
    private const int AbsoluteTime = 1;
    private const long Fine = 2_000_000;

    private readonly object _changed = new();
    private readonly Action _callback;
    private readonly Thread _thread;
    private long _due = long.MaxValue;
    private bool _disposed;

    public ThreadWakeUp(Action callback)
    {
        _callback = callback;
        _thread = new(Run) { IsBackground = true, Name = "outputs", Priority = ThreadPriority.Highest };
        _thread.Start();
    }

    public void At(long? due)
    {
        lock (_changed)
        {
            _due = due ?? long.MaxValue;
            Monitor.Pulse(_changed);
        }
    }

    public void Dispose()
    {
        lock (_changed)
        {
            _disposed = true;
            Monitor.Pulse(_changed);
        }
        if (Thread.CurrentThread != _thread)
            _thread.Join();
    }

    private void Run()
    {
        while (true)
        {
            long due;
            lock (_changed)
            {
                // Coarse waiting can be interrupted by an earlier pulse; the last two milliseconds cannot, and are exact.
                while (!_disposed && _due - Now() is var left && left > Fine)
                    Monitor.Wait(_changed, (int)Math.Min((left - Fine) / 1_000_000 + 1, int.MaxValue));
                if (_disposed)
                    return;
                due = _due;
                _due = long.MaxValue;
            }
            SleepUntil(due);
            _callback();
        }
    }

    private static long Now() => MonotonicTime.Now(TimeProvider.System).Nanoseconds;

    private static void SleepUntil(long due)
    {
        if (!OperatingSystem.IsLinux())
        {
            while (Now() < due)
                Thread.SpinWait(20);
            return;
        }
        var moment = new TimeSpec(due / 1_000_000_000, due % 1_000_000_000);
        while (Now() < due && ClockNanosleep(ClockMonotonic, AbsoluteTime, moment, 0) == Interrupted)
        {
        }
    }

    private const int Interrupted = 4;

    [LibraryImport("libc", EntryPoint = "clock_nanosleep")]
    private static partial int ClockNanosleep(int clock, int flags, in TimeSpec request, nint remain);

    [StructLayout(LayoutKind.Sequential)]
    private readonly struct TimeSpec(long seconds, long nanoseconds)
    {
        public readonly nint Seconds = (nint)seconds;
        public readonly nint Nanoseconds = (nint)nanoseconds;
    }
}
