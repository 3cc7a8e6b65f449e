namespace Yolact.Edge.Imaging;

/// <summary>
/// A moment on CLOCK_MONOTONIC, in ns since boot: the one clock that trigger edges, frames and messages share. Never set,
/// never stepped; not comparable across boots.
/// </summary>
/// <param name="Nanoseconds">Nanoseconds since an arbitrary start that is fixed for this boot.</param>
public readonly record struct MonotonicTime(long Nanoseconds) : IComparable<MonotonicTime>
{
    /// <summary>The time now on <paramref name="clock"/>'s timestamp counter (CLOCK_MONOTONIC for <see cref="TimeProvider.System"/> on Linux).</summary>
    /// <param name="clock">Where time comes from; a fake one in tests and in the simulation's virtual time.</param>
    public static MonotonicTime Now(TimeProvider clock)
    {
        ArgumentNullException.ThrowIfNull(clock);
        long ticks = clock.GetTimestamp();
        long frequency = clock.TimestampFrequency;
        return frequency == 1_000_000_000
            ? new(ticks)
            : new((long)((Int128)ticks * 1_000_000_000 / frequency));
    }

    /// <summary>The time <paramref name="span"/> (100 ns resolution) after this one.</summary>
    /// <param name="span">May be negative.</param>
    public MonotonicTime Add(TimeSpan span) => new(Nanoseconds + (span.Ticks * 100));

    /// <summary>The span from <paramref name="earlier"/> to this, truncated to 100 ns.</summary>
    /// <param name="earlier">A moment of the same boot.</param>
    public TimeSpan Since(MonotonicTime earlier) => TimeSpan.FromTicks((Nanoseconds - earlier.Nanoseconds) / 100);

    /// <summary>
    /// This moment in UTC as the wall clock shows it now: a later step of the wall clock moves the answer, so convert early and keep both.
    /// </summary>
    /// <param name="clock">The clock that the moment is of.</param>
    public DateTimeOffset ToUtc(TimeProvider clock)
    {
        MonotonicTime now = Now(clock);
        return clock.GetUtcNow() - now.Since(this);
    }

    /// <inheritdoc/>
    public int CompareTo(MonotonicTime other) => Nanoseconds.CompareTo(other.Nanoseconds);

    /// <summary>Moves a moment by a span.</summary>
    public static MonotonicTime operator +(MonotonicTime time, TimeSpan span) => time.Add(span);

    /// <summary>The span between two moments.</summary>
    public static TimeSpan operator -(MonotonicTime later, MonotonicTime earlier) => later.Since(earlier);

    /// <summary>Earlier than.</summary>
    public static bool operator <(MonotonicTime a, MonotonicTime b) => a.Nanoseconds < b.Nanoseconds;

    /// <summary>Later than.</summary>
    public static bool operator >(MonotonicTime a, MonotonicTime b) => a.Nanoseconds > b.Nanoseconds;

    /// <summary>Not later than.</summary>
    public static bool operator <=(MonotonicTime a, MonotonicTime b) => a.Nanoseconds <= b.Nanoseconds;

    /// <summary>Not earlier than.</summary>
    public static bool operator >=(MonotonicTime a, MonotonicTime b) => a.Nanoseconds >= b.Nanoseconds;

    /// <summary>The span between two moments.</summary>
    public static TimeSpan Subtract(MonotonicTime later, MonotonicTime earlier) => later - earlier;
}
