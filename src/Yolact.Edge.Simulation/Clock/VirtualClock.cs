using Yolact.Edge.Imaging;

namespace Yolact.Edge.Simulation.Clock;

/// <summary>
/// A clock that stands until it is told to run: hours of belt in seconds of test. Timers fire on the thread that runs it, one
/// after the other in the order of their times, and each sees the clock at exactly its own time.
/// </summary>
public sealed class VirtualClock : TimeProvider
{
    private static readonly DateTimeOffset Epoch = new(2030, 1, 1, 0, 0, 0, TimeSpan.Zero);

    private readonly Lock _lock = new();
    private readonly PriorityQueue<(Timer Timer, long Generation), (long Due, long Order)> _due = new();
    private long _now;
    private long _order;

    /// <summary>A clock that stands at <paramref name="start"/>.</summary>
    /// <param name="start">The first moment.</param>
    public VirtualClock(MonotonicTime start = default) => _now = start.Nanoseconds;

    /// <summary>The time now.</summary>
    public MonotonicTime Now => new(Volatile.Read(ref _now));

    /// <inheritdoc/>
    public override long TimestampFrequency => 1_000_000_000;

    /// <inheritdoc/>
    public override long GetTimestamp() => Volatile.Read(ref _now);

    /// <inheritdoc/>
    public override DateTimeOffset GetUtcNow() => Epoch.AddTicks(Volatile.Read(ref _now) / 100);

    /// <summary>Runs the clock for a while.</summary>
    /// <param name="span">How long, at least 0.</param>
    public void Advance(TimeSpan span) => RunTo(Now + span);

    /// <summary>Runs the clock up to a moment; timers due at it fire.</summary>
    /// <param name="time">Not before now.</param>
    public void RunTo(MonotonicTime time)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(time.Nanoseconds, Now.Nanoseconds, nameof(time));
        while (TakeDue(time.Nanoseconds) is { } timer)
            timer.Fire();
        Volatile.Write(ref _now, Math.Max(_now, time.Nanoseconds));
    }

    /// <inheritdoc/>
    public override ITimer CreateTimer(TimerCallback callback, object? state, TimeSpan dueTime, TimeSpan period)
    {
        ArgumentNullException.ThrowIfNull(callback);
        var timer = new Timer(this, callback, state);
        timer.Change(dueTime, period);
        return timer;
    }

    private Timer? TakeDue(long until)
    {
        lock (_lock)
        {
            while (_due.TryPeek(out (Timer Timer, long Generation) next, out (long Due, long Order) at) && at.Due <= until)
            {
                _due.Dequeue();
                if (next.Generation != next.Timer.Generation)
                    continue;
                Volatile.Write(ref _now, Math.Max(_now, at.Due));
                next.Timer.Rearm(at.Due);
                return next.Timer;
            }
            return null;
        }
    }

    private void Enqueue(Timer timer, long due) => _due.Enqueue((timer, timer.Generation), (due, _order++));

    private sealed class Timer(VirtualClock clock, TimerCallback callback, object? state) : ITimer
    {
        private long _period;
        private bool _disposed;

        /// <summary>Rises with each change: what was queued before is void.</summary>
        public long Generation { get; private set; }

        public bool Change(TimeSpan dueTime, TimeSpan period)
        {
            lock (clock._lock)
            {
                if (_disposed)
                    return false;
                Generation++;
                _period = period.Ticks <= 0 ? 0 : period.Ticks * 100;
                if (dueTime != Timeout.InfiniteTimeSpan)
                    clock.Enqueue(this, clock._now + (Math.Max(0, dueTime.Ticks) * 100));
                return true;
            }
        }

        public void Rearm(long due)
        {
            if (_period > 0)
                clock.Enqueue(this, due + _period);
        }

        public void Fire() => callback(state);

        public void Dispose()
        {
            lock (clock._lock)
            {
                _disposed = true;
                Generation++;
            }
        }

        public ValueTask DisposeAsync()
        {
            Dispose();
            return ValueTask.CompletedTask;
        }
    }
}
