using Yolact.Edge.Capture.Lines;
using Yolact.Edge.Imaging;

namespace Yolact.Edge.Simulation.Lines;

/// <summary>An output line of the belt (strobe, ejector, lamp): remembers when it was switched.</summary>
public sealed class BeltOutputLine : IOutputLine
{
    /// <summary>How many of the latest changes are remembered.</summary>
    public const int Remembered = 65_536;

    private readonly Lock _gate = new();
    private readonly Queue<OutputChange> _changes = new();
    private readonly TimeProvider _clock;

    /// <summary>A line, inactive at first.</summary>
    /// <param name="name">Its name in the configuration.</param>
    /// <param name="clock">The clock that the world was made with.</param>
    public BeltOutputLine(string name, TimeProvider clock)
    {
        ArgumentNullException.ThrowIfNull(clock);
        Name = name;
        _clock = clock;
    }

    /// <summary>Told of every change of level, in order; handlers must not block.</summary>
    public event Action<OutputChange>? Changed;

    /// <inheritdoc/>
    public string Name { get; }

    /// <summary>The level now.</summary>
    public bool IsActive { get; private set; }

    /// <summary>How often the level has changed.</summary>
    public long ChangeCount { get; private set; }

    /// <summary>The latest changes, at most <see cref="Remembered"/>, oldest first.</summary>
    public IReadOnlyList<OutputChange> Changes
    {
        get
        {
            lock (_gate)
                return [.. _changes];
        }
    }

    /// <summary>The complete pulses among <see cref="Changes"/>: from active to inactive.</summary>
    public IReadOnlyList<(MonotonicTime Start, MonotonicTime End)> Pulses
    {
        get
        {
            IReadOnlyList<OutputChange> changes = Changes;
            IEnumerable<(OutputChange On, OutputChange Off)> pairs = changes.Zip(changes.Skip(1));
            return [.. pairs.Where(pair => pair.On.Active).Select(pair => (pair.On.Time, pair.Off.Time))];
        }
    }

    /// <inheritdoc/>
    public void Set(bool active)
    {
        lock (_gate)
        {
            if (active == IsActive)
                return;
            IsActive = active;
            ChangeCount++;
            if (_changes.Count == Remembered)
                _changes.Dequeue();
            var change = new OutputChange(MonotonicTime.Now(_clock), active);
            _changes.Enqueue(change);
            Changed?.Invoke(change);
        }
    }

    /// <summary>Lets go of the line, which stays at its level.</summary>
    public void Dispose()
    {
    }
}
