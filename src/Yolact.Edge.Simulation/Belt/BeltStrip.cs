using System.Runtime.InteropServices;
using SkiaSharp;
using Yolact.Edge.Simulation.Parts;
using Yolact.Edge.Simulation.Shading;
using Yolact.Edge.Simulation.World;

namespace Yolact.Edge.Simulation.Belt;

/// <summary>
/// The belt with everything on it, in belt coordinates and drawn once: the light is far away, so nothing changes while the belt
/// moves, and a frame is a window onto this strip. Chunks are drawn when a window first needs them, and reused when it has left
/// them. A chunk depends on the world's seed and its own number only, so what was drawn before does not change a pixel.
/// </summary>
internal sealed class BeltStrip : IDisposable
{
    /// <summary>Columns of a chunk, px.</summary>
    public const int ChunkWidth = 128;

    private readonly int _height;
    private readonly PartStream _stream;
    private readonly BeltTexture _texture;
    private readonly SpritePainter _painter;
    private readonly Clutter _clutter = new();
    private readonly Dictionary<long, Chunk> _chunks = [];
    private readonly Dictionary<long, PartSprite> _sprites = [];
    private readonly Stack<Chunk> _spare = [];
    private readonly List<long> _leaving = [];
    private readonly float _shadowX;
    private readonly float _shadowY;
    private readonly byte[] _hidden;

    public BeltStrip(PartStream stream, BeltLook look, int height)
    {
        _height = height;
        _hidden = GC.AllocateUninitializedArray<byte>(ChunkWidth * height, pinned: true);
        _stream = stream;
        _texture = new(look, height);
        var light = new LightRig(look.LampAzimuth, look.LampElevation, look.Contrast, look.LampAzimuth + 0.9f);
        _painter = new(light, look.ShadowSoftness);
        _shadowX = -light.ToLamp.X * 3;
        _shadowY = -light.ToLamp.Y * 3;
    }

    /// <summary>A piece of the strip: colours B, G, R, 255 and labels, row-major.</summary>
    internal sealed class Chunk(int height)
    {
        public byte[] Color { get; } = GC.AllocateUninitializedArray<byte>(ChunkWidth * height * 4, pinned: true);

        /// <summary>0, or the label of the part that is seen there.</summary>
        public ushort[] Labels { get; } = new ushort[ChunkWidth * height];
    }

    /// <summary>A part's label: its number folded into 1..65535, unique among parts that can be seen together.</summary>
    public static ushort LabelOf(long partId) => (ushort)((partId % 65535) + 1);

    /// <summary>Makes the columns <paramref name="firstU"/>..<paramref name="endU"/> - 1 ready and lets go of the
    /// others.</summary>
    public void Prepare(long firstU, long endU)
    {
        long first = FloorDivide(firstU), last = FloorDivide(endU - 1);
        _leaving.Clear();
        foreach (long number in _chunks.Keys)
        {
            if (number < first || number > last)
                _leaving.Add(number);
        }
        foreach (long number in _leaving)
        {
            _chunks.Remove(number, out Chunk? chunk);
            _spare.Push(chunk!);
        }
        DropSprites(firstU - (2 * _stream.Reach), endU + (2 * _stream.Reach));
        for (long number = first; number <= last; number++)
        {
            if (_chunks.ContainsKey(number))
                continue;
            Chunk chunk = _spare.TryPop(out Chunk? spare) ? spare : new(_height);
            Draw(chunk, number);
            _chunks.Add(number, chunk);
        }
    }

    /// <summary>Copies a row's colours from prepared chunks.</summary>
    public void CopyRow(long firstU, int y, Span<byte> target)
    {
        for (int done = 0; done < target.Length / 4;)
        {
            (Chunk chunk, int column) = Find(firstU + done);
            int count = Math.Min(ChunkWidth - column, (target.Length / 4) - done);
            chunk.Color.AsSpan(((y * ChunkWidth) + column) * 4, count * 4).CopyTo(target[(done * 4)..]);
            done += count;
        }
    }

    /// <summary>The labels of prepared columns, from <paramref name="u"/> to at most the end of their chunk: one row.</summary>
    public ReadOnlySpan<ushort> LabelRow(long u, int y)
    {
        (Chunk chunk, int column) = Find(u);
        return chunk.Labels.AsSpan((y * ChunkWidth) + column, ChunkWidth - column);
    }

    /// <summary>The sprite of a part; drawn if it was not.</summary>
    public PartSprite SpriteOf(in PartSpec part)
    {
        if (!_sprites.TryGetValue(part.Id, out PartSprite? sprite))
            _sprites.Add(part.Id, sprite = _painter.Paint(part));
        return sprite;
    }

    private (Chunk Chunk, int Column) Find(long u)
    {
        long number = FloorDivide(u);
        return (_chunks[number], (int)(u - (number * ChunkWidth)));
    }

    private void DropSprites(long firstU, long endU)
    {
        _leaving.Clear();
        foreach ((long id, PartSprite sprite) in _sprites)
        {
            if (sprite.EndU <= firstU || sprite.FirstU >= endU)
                _leaving.Add(id);
        }
        foreach (long id in _leaving)
        {
            _sprites.Remove(id, out PartSprite? sprite);
            sprite!.Dispose();
        }
    }

    private void Draw(Chunk chunk, long number)
    {
        long firstU = number * ChunkWidth;
        Array.Clear(chunk.Labels);
        _texture.Fill(firstU, ChunkWidth, chunk.Color);
        DrawClutter(chunk, firstU, onTop: false);
        foreach (PartSpec part in _stream.Between(firstU, firstU + ChunkWidth))
        {
            PartSprite sprite = SpriteOf(part);
            if (sprite.FirstU < firstU + ChunkWidth && sprite.EndU > firstU)
                Place(chunk, firstU, sprite);
        }
        DrawClutter(chunk, firstU, onTop: true);
    }

    private void Place(Chunk chunk, long firstU, PartSprite sprite)
    {
        int left = (int)Math.Max(0, sprite.FirstU - firstU), right = (int)Math.Min(ChunkWidth, sprite.EndU - firstU);
        int top = Math.Max(0, sprite.Bounds.Y), bottom = Math.Min(_height, sprite.Bounds.Bottom);
        ushort label = LabelOf(sprite.Id);
        for (int y = top; y < bottom; y++)
        {
            int from = ((y - sprite.Bounds.Y) * sprite.Bounds.Width) + (int)(firstU + left - sprite.FirstU);
            int to = (y * ChunkWidth) + left;
            for (int x = left; x < right; x++, from++, to++)
            {
                byte alpha = sprite.Color[(4 * from) + 3], shadow = sprite.Shadow[from];
                if (sprite.Mask[from] != 0)
                    chunk.Labels[to] = label;
                if (alpha == 0 && shadow == 0)
                    continue;
                int keep = (255 - shadow) * (255 - alpha);
                for (int c = 0; c < 3; c++)
                    chunk.Color[(4 * to) + c] =
                        (byte)(sprite.Color[(4 * from) + c] + (((chunk.Color[(4 * to) + c] * keep) + 32512) / 65025));
            }
        }
    }

    private void DrawClutter(Chunk chunk, long firstU, bool onTop)
    {
        SKSurface? surface = null, hides = null;
        foreach ((double u, float y, ulong seed) in _stream.ClutterBetween(firstU, firstU + ChunkWidth))
        {
            if (Clutter.LiesOnTop(seed) != onTop)
                continue;
            surface ??= SurfaceOver(chunk.Color, SKColorType.Bgra8888, 4);
            if (onTop && hides is null)
            {
                Array.Clear(_hidden);
                hides = SurfaceOver(_hidden, SKColorType.Alpha8, 1);
            }
            SKMatrix place = SKMatrix.CreateTranslation((float)(u - firstU), y);
            surface.Canvas.SetMatrix(place);
            hides?.Canvas.SetMatrix(place);
            _clutter.Draw(surface.Canvas, seed, _shadowX, _shadowY, hides?.Canvas);
        }
        surface?.Dispose();
        if (hides is null)
            return;
        hides.Dispose();
        for (int i = 0; i < chunk.Labels.Length; i++)
        {
            if (_hidden[i] >= 128)
                chunk.Labels[i] = 0;
        }
    }

    private SKSurface SurfaceOver(byte[] pixels, SKColorType type, int bytes)
    {
        var info = new SKImageInfo(ChunkWidth, _height, type, SKAlphaType.Premul);
        return SKSurface.Create(info, Marshal.UnsafeAddrOfPinnedArrayElement(pixels, 0), ChunkWidth * bytes)
            ?? throw new InvalidOperationException($"Skia made no surface of {ChunkWidth} x {_height} px.");
    }

    private static long FloorDivide(long u) => (u >= 0 ? u : u - ChunkWidth + 1) / ChunkWidth;

    public void Dispose()
    {
        foreach (PartSprite sprite in _sprites.Values)
            sprite.Dispose();
        _painter.Dispose();
        _clutter.Dispose();
    }
}
