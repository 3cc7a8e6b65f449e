namespace Yolact.Edge.Capture.Tests;

/// <summary>
/// A clock that goes where it is told, and runs every timer on the way at the very moment it is due: inside its callback, now is then.
/// Timestamps are ns from zero. Timers may be set on any thread; one thread moves time.
/// </summary>
internal sealed class VirtualClock : TimeProvider
{
    private readonly Lock _lock = new();
    private readonly List<VirtualTimer> _timers = [];
    private long _now;

    public MonotonicTime Now => new(Volatile.Read(ref _now));

    public override long TimestampFrequency => 1_000_000_000;

    public override long GetTimestamp() => Now.Nanoseconds;

    public override DateTimeOffset GetUtcNow() => DateTimeOffset.UnixEpoch + (Now - default(MonotonicTime));

    public override ITimer CreateTimer(TimerCallback callback, object? state, TimeSpan dueTime, TimeSpan period)
    {
        var timer = new VirtualTimer(this, () => callback(state));
        timer.Change(dueTime, period);
        lock (_lock)
            _timers.Add(timer);
        return timer;
    }

    /// <summary>Goes on to a moment; only runs what is due where it has passed.</summary>
    public void GoTo(long nanoseconds)
    {
        while (Next(nanoseconds) is { } timer)
        {
            Volatile.Write(ref _now, Math.Max(_now, timer.Due));
            timer.Run();
        }
        Volatile.Write(ref _now, Math.Max(_now, nanoseconds));
    }

    /// <summary>Goes on, 10 ms at a time, and lets other threads answer each time, until something is so.</summary>
    public async Task GoUntilAsync(Func<bool> condition, double limitMs = 100_000)
    {
        long limit = Now.Nanoseconds + Ms(limitMs).Nanoseconds;
        while (!condition())
        {
            Assert.True(Now.Nanoseconds < limit, "it never came to pass");
            GoTo(Now.Nanoseconds + 10_000_000);
            await Task.Delay(1, TestContext.Current.CancellationToken);
        }
    }

    public void GoToMs(double milliseconds) => GoTo(Ms(milliseconds).Nanoseconds);

    public static MonotonicTime Ms(double milliseconds) => new((long)Math.Round(milliseconds * 1e6));

    private VirtualTimer? Next(long until)
    {
        lock (_lock)
            return _timers.Where(t => t.Due <= until).MinBy(t => t.Due);
    }

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
            lock (clock._lock)
                clock._timers.Remove(this);
        }

        public ValueTask DisposeAsync()
        {
            Dispose();
            return ValueTask.CompletedTask;
        }
    }
}
