using System.Numerics;
using Yolact.Edge.Imaging;
using Yolact.Edge.Simulation.Belt;
using Yolact.Edge.Simulation.Parts;
using Yolact.Edge.Simulation.Shading;

namespace Yolact.Edge.Simulation.World;

/// <summary>
/// A belt with parts, a light barrier across it and a camera above it, on one clock. The belt starts to run when the world is
/// made, with no part in the picture yet. Everything is a function of options and time; nothing has to be stepped. Safe for use
/// from several threads.
/// </summary>
public sealed class BeltWorld
{
    private const int CachedExtents = 1024;

    private readonly Dictionary<long, Box> _extents = [];
    private readonly Lock _lock = new();

    /// <summary>Makes a world and starts its belt.</summary>
    /// <param name="options">What it is.</param>
    /// <param name="clock">Where time comes from: the system's for a person, a fake one for tests.</param>
    /// <exception cref="ArgumentException">The options break their rules; the message lists every one.</exception>
    public BeltWorld(BeltWorldOptions options, TimeProvider clock)
        : this(options, MonotonicTime.Now(clock))
    {
    }

    /// <summary>Makes a world whose belt starts at a given time.</summary>
    /// <param name="options">What it is.</param>
    /// <param name="start">When the belt starts.</param>
    /// <exception cref="ArgumentException">The options break their rules; the message lists every one.</exception>
    public BeltWorld(BeltWorldOptions options, MonotonicTime start)
    {
        ArgumentNullException.ThrowIfNull(options);
        var errors = new List<string>();
        options.Validate("", (path, right) => errors.Add($"{path}: {right}"));
        if (errors.Count > 0)
            throw new ArgumentException($"The belt's options are wrong. {string.Join("; ", errors)}.", nameof(options));
        Options = options;
        Start = start;
        Look = options.LookSeed is { } seed ? BeltLook.FromSeed(seed) : new BeltLook();
        Stream = new(options, Look);
        Barrier = new(this);
    }

    /// <summary>What the world was made of.</summary>
    public BeltWorldOptions Options { get; }

    /// <summary>When the belt started.</summary>
    public MonotonicTime Start { get; }

    /// <summary>The light barrier.</summary>
    public LightBarrier Barrier { get; }

    internal BeltLook Look { get; }

    internal PartStream Stream { get; }

    /// <summary>How far the belt has run, in px, at least 0.</summary>
    /// <param name="time">At or after <see cref="Start"/>; before it the belt stands.</param>
    public double TravelAt(MonotonicTime time) => Math.Max(0, time.Nanoseconds - Start.Nanoseconds) * 1e-9 * Options.Speed;

    /// <summary>The moment at which the belt has run <paramref name="travel"/> px, rounded to the ns.</summary>
    /// <param name="travel">At least 0.</param>
    public MonotonicTime TimeOf(double travel) => new(Start.Nanoseconds + (long)Math.Round(travel / Options.Speed * 1e9));

    /// <summary>The parts whose outline's box touches the picture at a moment, in the order in which they pass.</summary>
    /// <param name="time">At or after <see cref="Start"/>.</param>
    public IReadOnlyList<PlacedPart> PartsAt(MonotonicTime time)
    {
        double travel = TravelAt(time);
        var parts = new List<PlacedPart>();
        foreach (PartSpec part in Stream.Between(-travel, Options.Width - travel))
        {
            PlacedPart placed = Place(part, travel);
            if (placed.Box.X2 > 0 && placed.Box.X1 < Options.Width && placed.Box.Y2 > 0 && placed.Box.Y1 < Options.Height)
                parts.Add(placed);
        }
        return parts;
    }

    /// <summary>A part's place at a moment, wherever it is; null where the stream has no such part.</summary>
    /// <param name="partId">The part's number.</param>
    /// <param name="time">At or after <see cref="Start"/>.</param>
    public PlacedPart? PartAt(long partId, MonotonicTime time) =>
        Stream.TryGet(partId, out PartSpec part) ? Place(part, TravelAt(time)) : null;

    /// <summary>The exact box of a part's outline around its centre, px.</summary>
    internal Box ExtentOf(in PartSpec part)
    {
        lock (_lock)
        {
            if (_extents.TryGetValue(part.Id, out Box known))
                return known;
        }
        using PartShape shape = PartShape.Create(part.Class, part.Size, part.Seed);
        Box extent = CoverageCanvas.TightBounds(shape.Mask, Matrix3x2.CreateRotation(part.Angle));
        lock (_lock)
        {
            if (_extents.Count >= CachedExtents)
                _extents.Clear();
            _extents[part.Id] = extent;
        }
        return extent;
    }

    private PlacedPart Place(in PartSpec part, double travel)
    {
        Box extent = ExtentOf(part);
        double x = part.U + travel;
        return new(part.Id, part.Class,
            new((float)(x + extent.X1), part.Y + extent.Y1, (float)(x + extent.X2), part.Y + extent.Y2));
    }
}
