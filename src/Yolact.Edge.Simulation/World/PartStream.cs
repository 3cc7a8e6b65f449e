using Yolact.Edge.Simulation.Belt;
using Yolact.Edge.Simulation.Parts;

namespace Yolact.Edge.Simulation.World;

/// <summary>
/// Which part lies where on an endless belt. Part i has its own place around -(i + 1/2) * spacing px of belt coordinates and is
/// derived from the seed and i alone: any stretch of the belt is known without the rest. Later parts lie further left and on
/// top.
/// </summary>
internal sealed class PartStream
{
    private const ulong PartStreamId = 1, ClutterStreamId = 2;

    private readonly BeltWorldOptions _options;
    private readonly float _top;
    private readonly float _bottom;

    public PartStream(BeltWorldOptions options, BeltLook look)
    {
        _options = options;
        _top = look.RailTop;
        _bottom = options.Height - look.RailBottom;
        // A part's outline stays within 0.56 of its size, its shadow within 50 px of that.
        Reach = (int)Math.Ceiling(options.MaxSize * 0.56) + 50;
    }

    /// <summary>No part and no shadow reaches further along the belt than this from the part's centre, px.</summary>
    public int Reach { get; }

    /// <summary>Parts that may touch the belt's columns <paramref name="firstU"/>..<paramref name="endU"/>, lowest number
    /// first.</summary>
    public IEnumerable<PartSpec> Between(double firstU, double endU)
    {
        // A part stands at most half a spacing from its even place.
        long first = Math.Max(0, (long)Math.Floor((-(endU + Reach) / _options.Spacing) - 1));
        long last = (long)Math.Ceiling((-(firstU - Reach) / _options.Spacing) + 1);
        for (long id = first; id <= last; id++)
        {
            if (TryGet(id, out PartSpec part) && part.U + Reach >= firstU && part.U - Reach <= endU)
                yield return part;
        }
    }

    /// <summary>Part <paramref name="id"/>, or false where its place is empty.</summary>
    public bool TryGet(long id, out PartSpec part)
    {
        part = default;
        if (id < 0)
            return false;
        var random = new SeededRandom(SeededRandom.Derive(_options.Seed, PartStreamId, id));
        if (!random.Chance(_options.Fill))
            return false;
        var partClass = (PartClass)random.Next(BeltParts.ClassNames.Count);
        (float smallest, float largest) = BeltParts.SizeRange(partClass);
        double low = Math.Clamp(smallest, _options.MinSize, _options.MaxSize),
            high = Math.Clamp(largest, _options.MinSize, _options.MaxSize);
        float size = random.Range(low, high);
        double u = -(id + 0.5 + ((random.NextDouble() - 0.5) * _options.Jitter)) * _options.Spacing;
        float room = Math.Max(0, ((_bottom - _top) / 2) - (size * 0.5f)) * (float)_options.Spread;
        float y = ((_top + _bottom) / 2) + random.Range(-room, room);
        part = new(id, partClass, u, y, random.Range(0, MathF.Tau), size, random.NextUInt64());
        return true;
    }

    /// <summary>Clutter that may touch the belt's columns <paramref name="firstU"/>..<paramref name="endU"/>.</summary>
    public IEnumerable<(double U, float Y, ulong Seed)> ClutterBetween(double firstU, double endU)
    {
        double spacing = _options.ClutterSpacing;
        if (spacing == 0)
            yield break;
        long first = (long)Math.Floor((firstU - Clutter.Reach) / spacing) - 1;
        long last = (long)Math.Ceiling((endU + Clutter.Reach) / spacing) + 1;
        for (long place = first; place <= last; place++)
        {
            var random = new SeededRandom(SeededRandom.Derive(_options.Seed, ClutterStreamId, place));
            double u = (place + random.NextDouble()) * spacing;
            float y = random.Range(_top, _bottom);
            if (u + Clutter.Reach >= firstU && u - Clutter.Reach <= endU)
                yield return (u, y, random.NextUInt64());
        }
    }
}
