using Yolact.Edge.Imaging;
using Yolact.Edge.Simulation.Belt;
using Yolact.Edge.Simulation.Parts;
using Yolact.Edge.Simulation.Shading;
using Yolact.Edge.Simulation.World;

namespace Yolact.Edge.Simulation.Camera;

/// <summary>
/// What the camera above a belt sees: pictures and, for tests and training, the truth about them. The same world at the same
/// time gives the same bytes, whatever was rendered before. For one thread; several views of one world may run side by side.
/// </summary>
public sealed class BeltView : IDisposable
{
    private const ulong NoiseStreamId = 3;

    private readonly BeltWorld _world;
    private readonly BeltStrip _strip;
    private readonly LightField _field;
    private readonly Rails _rails;
    private readonly int _width;
    private readonly int _height;
    private readonly ushort[][] _rows;
    private readonly ushort[] _blend;
    private readonly byte[] _belt;
    private readonly byte[] _line;

    /// <summary>A view of a world.</summary>
    /// <param name="world">What to look at.</param>
    public BeltView(BeltWorld world)
    {
        ArgumentNullException.ThrowIfNull(world);
        _world = world;
        _width = world.Options.Width;
        _height = world.Options.Height;
        _strip = new(world.Stream, world.Look, _height);
        _field = new(world.Look, _width, _height);
        _rails = new(world.Look, _width, _height);
        _rows = [new ushort[_width * 4], new ushort[_width * 4], new ushort[_width * 4]];
        _blend = new ushort[_width * 4];
        _belt = new byte[(_width + (int)BeltWorldOptions.MaxSmear + 4) * 4];
        _line = new byte[_width * 4];
    }

    /// <summary>Takes a picture.</summary>
    /// <param name="exposureStart">When exposure begins; it lasts the world's exposure time.</param>
    /// <param name="frame">Receives the pixels: <see cref="PixelFormat.Rgb24"/>, <see cref="PixelFormat.Bgr24"/>,
    /// <see cref="PixelFormat.Bgrx32"/> or <see cref="PixelFormat.Gray8"/>, of the world's size.</param>
    /// <exception cref="ArgumentException">Another size or format.</exception>
    public void Render(MonotonicTime exposureStart, Frame frame)
    {
        ArgumentNullException.ThrowIfNull(frame);
        if (frame.Width != _width || frame.Height != _height || frame.Format is PixelFormat.Nv12 or PixelFormat.Yuy2)
        {
            throw new ArgumentException(
                $"The belt's camera gives {_width} x {_height} px as Rgb24, Bgr24, Bgrx32 or Gray8, "
                + $"not {frame.Width} x {frame.Height} px as {frame.Format}.",
                nameof(frame));
        }
        Smear smear = Prepare(exposureStart);
        ulong seed =
            SeededRandom.Derive(_world.Options.Seed, NoiseStreamId, exposureStart.Nanoseconds - _world.Start.Nanoseconds);
        ushort defocus = (ushort)(_world.Look.Defocus * 256);
        Smeared(smear, 0);
        for (int y = 0; y < _height; y++)
        {
            if (y + 1 < _height)
                Smeared(smear, y + 1);
            ReadOnlySpan<ushort> row = _rows[y % 3];
            RowDeveloper.Defocus(_rows[Math.Max(0, y - 1) % 3], row, _rows[Math.Min(_height - 1, y + 1) % 3], _blend, defocus);
            ReadOnlySpan<sbyte> noise = SensorNoise.Row(SeededRandom.Derive(seed, 0, y), _width * 4);
            int at = y * _width * 4, count = _width * 4;
            Span<byte> target = frame.Format == PixelFormat.Bgrx32 ? frame.Row(y) : _line;
            RowDeveloper.Develop(_blend, _field.Gain.AsSpan(at, count), _field.Glare.AsSpan(at, count), noise, _world.Look.Noise,
                target);
            if (frame.Format != PixelFormat.Bgrx32)
                Convert(_line, frame.Format, frame.Row(y));
        }
    }

    /// <summary>
    /// Which parts can be seen, and their exact px, in the order in which they pass. A px belongs to the part that its centre
    /// shows at mid-exposure, to the belt's own px.
    /// </summary>
    /// <param name="exposureStart">When exposure begins.</param>
    public IReadOnlyList<VisiblePart> TruthAt(MonotonicTime exposureStart)
    {
        Prepare(exposureStart);
        double middle = _world.TravelAt(exposureStart + TimeSpan.FromMilliseconds(_world.Options.ExposureMs / 2));
        // The belt column whose px contains the centre of the picture's first column.
        long firstU = (long)Math.Floor(0.5 - middle);
        var open = new PixelRect(0, _rails.Top, _width, _rails.Bottom - _rails.Top);
        var visible = new List<VisiblePart>();
        foreach (PartSpec part in _world.Stream.Between(firstU, firstU + _width))
        {
            PartSprite sprite = _strip.SpriteOf(part);
            if (MaskReader.Read(_strip, sprite, firstU, open, _width, _height) is { Area: > 0 } mask)
                visible.Add(new(part.Id, part.Class, mask.Mask.Region, mask.Mask, mask.Area, sprite.MaskArea));
        }
        return visible;
    }

    private Smear Prepare(MonotonicTime exposureStart)
    {
        double start = _world.TravelAt(exposureStart);
        double end = _world.TravelAt(exposureStart + TimeSpan.FromMilliseconds(_world.Options.ExposureMs));
        var smear = new Smear(start, end);
        _strip.Prepare(smear.FirstU, smear.FirstU + _width + smear.Taps);
        return smear;
    }

    private void Smeared(in Smear smear, int y)
    {
        ushort[] row = _rows[y % 3];
        if (_rails.Hides(y))
        {
            ReadOnlySpan<byte> rail = _rails.Row(y);
            for (int i = 0; i < row.Length; i++)
                row[i] = rail[i];
            return;
        }
        _strip.CopyRow(smear.FirstU, y, _belt.AsSpan(0, (_width + smear.Taps - 1) * 4));
        smear.Run(_belt, row);
    }

    private static void Convert(ReadOnlySpan<byte> bgrx, PixelFormat format, Span<byte> target)
    {
        switch (format)
        {
            case PixelFormat.Rgb24:
                for (int from = 0, to = 0; to < target.Length; from += 4, to += 3)
                    (target[to], target[to + 1], target[to + 2]) = (bgrx[from + 2], bgrx[from + 1], bgrx[from]);
                break;
            case PixelFormat.Bgr24:
                for (int from = 0, to = 0; to < target.Length; from += 4, to += 3)
                    (target[to], target[to + 1], target[to + 2]) = (bgrx[from], bgrx[from + 1], bgrx[from + 2]);
                break;
            default:
                // ITU-R BT.601 luma in 1/256.
                for (int from = 0, to = 0; to < target.Length; from += 4, to++)
                    target[to] = (byte)(((29 * bgrx[from]) + (150 * bgrx[from + 1]) + (77 * bgrx[from + 2]) + 128) >> 8);
                break;
        }
    }

    /// <summary>Gives pooled memory back.</summary>
    public void Dispose() => _strip.Dispose();
}
