namespace Yolact.Edge.Capture.Tests;

/// <summary>
/// A clock that goes where it is told, and runs every timer on the way at the very moment it is due: inside its callback, now is then.
/// Timestamps are ns from zero. For one thread; a callback may set timers.
/// </summary>
internal sealed class VirtualClock : TimeProvider
{
    private readonly List<VirtualTimer> _timers = [];

    public MonotonicTime Now { get; private set; }

    public override long TimestampFrequency => 1_000_000_000;

    public override long GetTimestamp() => Now.Nanoseconds;

    public override DateTimeOffset GetUtcNow() => DateTimeOffset.UnixEpoch + (Now - default(MonotonicTime));

    public override ITimer CreateTimer(TimerCallback callback, object? state, TimeSpan dueTime, TimeSpan period)
    {
        var timer = new VirtualTimer(this, () => callback(state));
        timer.Change(dueTime, period);
        _timers.Add(timer);
        return timer;
    }

    /// <summary>Goes on to a moment; only runs what is due where it has passed.</summary>
    public void GoTo(long nanoseconds)
    {
        while (_timers.Where(t => t.Due <= nanoseconds).MinBy(t => t.Due) is { } timer)
        {
            Now = new(Math.Max(Now.Nanoseconds, timer.Due));
            timer.Run();
        }
        Now = new(Math.Max(Now.Nanoseconds, nanoseconds));
    }

    public void GoToMs(double milliseconds) => GoTo(Ms(milliseconds).Nanoseconds);

    public static MonotonicTime Ms(double milliseconds) => new((long)Math.Round(milliseconds * 1e6));

    private sealed class VirtualTimer(VirtualClock clock, Action callback) : ITimer
    {
        private TimeSpan _period;

        public long Due { get; private set; }

        public bool Change(TimeSpan dueTime, TimeSpan period)
        {
            _period = period;
            Due = dueTime == Timeout.InfiniteTimeSpan ? long.MaxValue : (clock.Now + dueTime).Nanoseconds;
            return true;
        }

        public void Run()
        {
            Due = _period > TimeSpan.Zero ? (clock.Now + _period).Nanoseconds : long.MaxValue;
            callback();
        }

        public void Dispose()
        {
            Due = long.MaxValue;
            clock._timers.Remove(this);
        }

        public ValueTask DisposeAsync()
        {
            Dispose();
            return ValueTask.CompletedTask;
        }
    }
}
