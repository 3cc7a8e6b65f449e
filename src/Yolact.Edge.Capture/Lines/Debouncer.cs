namespace Yolact.Edge.Capture.Lines;

/// <summary>When a debounced edge is reported.</summary>
public enum DebounceMode
{
    /// <summary>At the first raw edge, at once. A short disturbance is an edge, too.</summary>
    Immediate,

    /// <summary>When the line has been quiet for the whole period. A disturbance shorter than the period vanishes; edges are known one
    /// period later, and still carry the first raw edge's time.</summary>
    Confirmed,
}

/// <summary>
/// Turns raw edges into one edge a change of level, with the time of the first raw edge. Raw edges less than a period apart are one
/// burst. Reported edges alternate, except where raw ones show that the other direction was lost or is not watched. Pure: time comes
/// with the events and with <see cref="Settle"/>. Where raw edges are read later than a clock said they would be, a burst goes on that
/// the clock had ended. For one thread.
/// </summary>
public sealed class Debouncer
{
    private readonly long _periodNanoseconds;
    private readonly bool _confirmed;
    private LineEdge _reported;
    private LineEvent _first;
    private LineEvent _last;
    private bool _inBurst;
    private bool _began;

    /// <summary>A debouncer.</summary>
    /// <param name="period">Quiet time that ends a burst; zero lets every edge that changes the level pass.</param>
    /// <param name="mode">When edges are reported.</param>
    /// <param name="initiallyActive">The line's level before the first event.</param>
    public Debouncer(TimeSpan period, DebounceMode mode = DebounceMode.Immediate, bool initiallyActive = false)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(period, TimeSpan.Zero);
        _periodNanoseconds = period.Ticks * 100;
        _confirmed = mode == DebounceMode.Confirmed && period > TimeSpan.Zero;
        _reported = initiallyActive ? LineEdge.Rising : LineEdge.Falling;
    }

    /// <summary>The time from which <see cref="Settle"/> may have something to report; null while the line is quiet.</summary>
    public MonotonicTime? SettlesAt => _inBurst ? new(_last.Time.Nanoseconds + _periodNanoseconds) : null;

    /// <summary>Ends a burst that has been quiet for a period at <paramref name="now"/>.</summary>
    /// <param name="now">All raw edges before this time are known.</param>
    /// <param name="edge">The edge that this reveals.</param>
    /// <returns>True where there is one.</returns>
    public bool Settle(MonotonicTime now, out LineEvent edge)
    {
        edge = default;
        if (!_inBurst || now.Nanoseconds - _last.Time.Nanoseconds < _periodNanoseconds)
            return false;
        _inBurst = false;
        if (_last.Edge == _reported && !(_confirmed && _first.Edge == _last.Edge))
            return false;
        // Confirmed: the burst as a whole changed the level, at its first edge. Immediate: the first edge is out already, and the line
        // came back within the burst, at its last edge.
        edge = _confirmed ? _first with { Edge = _last.Edge } : _last;
        _reported = edge.Edge;
        return true;
    }

    /// <summary>Takes a raw edge. Call <see cref="Settle"/> with its time before.</summary>
    /// <param name="raw">Not earlier than the one before.</param>
    /// <param name="edge">The edge to report.</param>
    /// <returns>True where there is one.</returns>
    public bool Add(in LineEvent raw, out LineEvent edge)
    {
        edge = default;
        bool first = !_inBurst, late = first && _began && raw.Time.Nanoseconds - _last.Time.Nanoseconds < _periodNanoseconds;
        if (first)
            _first = raw;
        _last = raw;
        _inBurst = _began = true;
        if (!first || late || _confirmed)
            return false;
        _reported = raw.Edge;
        edge = raw;
        return true;
    }
}
