using Yolact.Edge.Imaging;

namespace Yolact.Edge.Simulation.Clock;

/// <summary>Calls back at a moment of a clock: never before it, and late by what the clock's timers are late.</summary>
internal sealed class Alarm : IDisposable
{
    private readonly TimeProvider _clock;
    private readonly ITimer _timer;

    public Alarm(TimeProvider clock, Action ring)
    {
        _clock = clock;
        _timer = clock.CreateTimer(_ => ring(), null, Timeout.InfiniteTimeSpan, Timeout.InfiniteTimeSpan);
    }

    /// <summary>Sets the alarm; a moment that has passed rings at once.</summary>
    public void Set(MonotonicTime time)
    {
        long wait = Math.Max(0, time.Nanoseconds - MonotonicTime.Now(_clock).Nanoseconds);
        // The system's timers cut fractions of a ms off and would ring early; others count in ticks of 100 ns.
        TimeSpan span = _clock == TimeProvider.System
            ? TimeSpan.FromMilliseconds((wait + 999_999) / 1_000_000)
            : TimeSpan.FromTicks((wait + 99) / 100);
        _timer.Change(span, Timeout.InfiniteTimeSpan);
    }

    public void Dispose() => _timer.Dispose();
}
