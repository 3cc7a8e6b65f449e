using Yolact.Edge.Capture.Lines;
using Yolact.Edge.Imaging;
using Yolact.Edge.Simulation.Clock;
using Yolact.Edge.Simulation.World;

namespace Yolact.Edge.Simulation.Lines;

/// <summary>The light barrier as an input line: reports its edges from the moment it is made, each with its exact time.</summary>
public sealed class BeltInputLine : IInputLine
{
    private readonly Lock _gate = new();
    private readonly TimeProvider _clock;
    private readonly IEnumerator<(MonotonicTime Time, LineEdge Edge)> _edges;
    private readonly TimeSpan _latency;
    private readonly Alarm _alarm;
    private long _sequence;
    private long _handlerFailures;
    private bool _hasNext;
    private bool _disposed;

    /// <summary>A line.</summary>
    /// <param name="name">Its name in the configuration.</param>
    /// <param name="world">The belt.</param>
    /// <param name="options">How its contact behaves.</param>
    /// <param name="clock">The clock that the world was made with.</param>
    /// <exception cref="ArgumentException">Wrong options; the message lists every error.</exception>
    public BeltInputLine(string name, BeltWorld world, BeltInputLineOptions options, TimeProvider clock)
    {
        ArgumentNullException.ThrowIfNull(world);
        ArgumentNullException.ThrowIfNull(options);
        ArgumentNullException.ThrowIfNull(clock);
        var errors = new List<string>();
        options.Validate("", (path, right) => errors.Add($"{path}: {right}"));
        if (errors.Count > 0)
            throw new ArgumentException($"The belt line's options are wrong. {string.Join("; ", errors)}.", nameof(options));
        Name = name;
        _clock = clock;
        _latency = TimeSpan.FromMilliseconds(options.LatencyMs);
        MonotonicTime now = MonotonicTime.Now(clock);
        IsActive = world.Barrier.IsBroken(now);
        _edges = BounceTrain.Of(world.Barrier.EdgesFrom(now), options, world.Options.Seed).GetEnumerator();
        _alarm = new(clock, OnAlarm);
        lock (_gate)
            Await();
    }

    /// <inheritdoc/>
    public event Action<LineEvent>? Changed;

    /// <inheritdoc/>
    public string Name { get; }

    /// <inheritdoc/>
    public bool IsActive { get; private set; }

    /// <summary>How many times a handler of <see cref="Changed"/> threw.</summary>
    public long HandlerFailures => Interlocked.Read(ref _handlerFailures);

    private void Await()
    {
        _hasNext = _edges.MoveNext();
        if (_hasNext)
            _alarm.Set(_edges.Current.Time + _latency);
    }

    private void OnAlarm()
    {
        lock (_gate)
        {
            // A late alarm reports all that happened meanwhile.
            MonotonicTime now = MonotonicTime.Now(_clock);
            while (!_disposed && _hasNext && _edges.Current.Time + _latency <= now)
            {
                (MonotonicTime time, LineEdge edge) = _edges.Current;
                IsActive = edge == LineEdge.Rising;
                Report(new(time, edge, _sequence++));
                _hasNext = _edges.MoveNext();
            }
            if (!_disposed && _hasNext)
                _alarm.Set(_edges.Current.Time + _latency);
        }
    }

    private void Report(LineEvent change)
    {
        try
        {
            Changed?.Invoke(change);
        }
#pragma warning disable CA1031 // Whatever a handler throws must not end the line's later events.
        catch (Exception)
#pragma warning restore CA1031
        {
            Interlocked.Increment(ref _handlerFailures);
        }
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        lock (_gate)
        {
            if (_disposed)
                return;
            _disposed = true;
            _alarm.Dispose();
            _edges.Dispose();
        }
    }
}
