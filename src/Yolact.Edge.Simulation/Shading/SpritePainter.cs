using System.Numerics;
using SkiaSharp;
using Yolact.Edge.Imaging;
using Yolact.Edge.Simulation.Parts;

namespace Yolact.Edge.Simulation.Shading;

/// <summary>Draws parts: Skia rasterises each solid's outline, <see cref="SolidShader"/> lights it; wear and shadow
/// follow.</summary>
internal sealed class SpritePainter : IDisposable
{
    private const float ShadowReach = 22;
    private readonly CoverageCanvas _coverage = new();
    private readonly LightRig _light;
    private readonly SolidShader _shader;
    private readonly float _shadowSoftness;
    private float[] _plane = [];
    private float[] _scratch = [];

    /// <param name="light">The lamps.</param>
    /// <param name="shadowSoftness">0 (sharp) to 1 (blurred).</param>
    public SpritePainter(LightRig light, float shadowSoftness)
    {
        _light = light;
        _shader = new(light);
        _shadowSoftness = shadowSoftness;
    }

    /// <summary>Draws one part.</summary>
    public PartSprite Paint(in PartSpec part)
    {
        using PartShape shape = PartShape.Create(part.Class, part.Size, part.Seed);
        long origin = (long)Math.Floor(part.U);
        Matrix3x2 toBelt = Matrix3x2.CreateRotation(part.Angle) * Matrix3x2.CreateTranslation((float)(part.U - origin), part.Y);
        (Vector2 offset, int blur) = ShadowOf(shape.Thickness);
        int margin = 4 + (2 * blur) + (int)MathF.Ceiling(MathF.Max(MathF.Abs(offset.X), MathF.Abs(offset.Y)));
        var sprite = new PartSprite(part.Id, origin, CoverageCanvas.Bounds(shape.Mask, toBelt, margin));
        PixelRect bounds = sprite.Bounds;
        sprite.Color.AsSpan(0, bounds.Width * bounds.Height * 4).Clear();

        ReadOnlySpan<byte> mask = _coverage.Fill(shape.Mask, toBelt, bounds);
        SetMask(sprite, mask);
        PaintShadow(sprite, mask, offset, blur);
        var random = new SeededRandom(part.Seed ^ 0x50A1D5);
        foreach (Solid solid in shape.Solids)
            PaintSolid(sprite, solid, part, toBelt, ref random);
        PaintScratches(sprite, shape, part, toBelt, ref random);
        return sprite;
    }

    private (Vector2 Offset, int Blur) ShadowOf(float thickness)
    {
        Vector3 lamp = _light.ToLamp;
        var offset = new Vector2(-lamp.X, -lamp.Y) * (thickness / MathF.Max(0.35f, lamp.Z));
        if (offset.Length() > ShadowReach)
            offset *= ShadowReach / offset.Length();
        return (offset, Math.Clamp((int)(1 + (thickness * (0.08f + (0.35f * _shadowSoftness)))), 1, 10));
    }

    private static void SetMask(PartSprite sprite, ReadOnlySpan<byte> coverage)
    {
        int area = 0;
        for (int i = 0; i < coverage.Length; i++)
        {
            byte inside = (byte)(coverage[i] >> 7);
            sprite.Mask[i] = inside;
            area += inside;
        }
        sprite.MaskArea = area;
    }

    // A thin dark line where the part touches the belt, and the shadow that its height throws.
    private void PaintShadow(PartSprite sprite, ReadOnlySpan<byte> mask, Vector2 offset, int blur)
    {
        int width = sprite.Bounds.Width, height = sprite.Bounds.Height, count = width * height;
        Grow(count);
        Span<float> plane = _plane.AsSpan(0, count), scratch = _scratch.AsSpan(0, count);
        for (int i = 0; i < count; i++)
            plane[i] = mask[i];
        BoxBlur.Run(plane, scratch, width, height, 2);
        for (int i = 0; i < count; i++)
            sprite.Shadow[i] = (byte)(plane[i] * 0.5f);

        plane.Clear();
        int dx = (int)MathF.Round(offset.X), dy = (int)MathF.Round(offset.Y);
        for (int y = Math.Max(0, dy); y < Math.Min(height, height + dy); y++)
        {
            for (int x = Math.Max(0, dx); x < Math.Min(width, width + dx); x++)
                plane[(y * width) + x] = mask[((y - dy) * width) + x - dx];
        }
        BoxBlur.Run(plane, scratch, width, height, blur);
        float strength = (0.35f + (0.35f * _light.Contrast)) / 255;
        for (int i = 0; i < count; i++)
        {
            float left = (255 - sprite.Shadow[i]) * (1 - (plane[i] * strength));
            sprite.Shadow[i] = (byte)(255 - left);
        }
    }

    private void PaintSolid(PartSprite sprite, Solid solid, in PartSpec part, Matrix3x2 toBelt, ref SeededRandom random)
    {
        int bevel = solid.Surface.Kind == SurfaceKind.Bevel ? (int)MathF.Ceiling(solid.Surface.Width) : 0;
        PixelRect area = CoverageCanvas.Bounds(solid.Path, toBelt, (2 * bevel) + 1);
        ReadOnlySpan<byte> coverage = _coverage.Fill(solid.Path, toBelt, area);
        ReadOnlySpan<float> height = default;
        if (bevel > 0)
        {
            int count = coverage.Length;
            Grow(count);
            for (int i = 0; i < count; i++)
                _plane[i] = coverage[i] / 255f;
            BoxBlur.Run(_plane.AsSpan(0, count), _scratch.AsSpan(0, count), area.Width, area.Height, bevel);
            height = _plane.AsSpan(0, count);
        }
        _shader.Shade(sprite, solid, part, toBelt, area, coverage, height, ref random);
    }

    private void PaintScratches(PartSprite sprite, PartShape shape, in PartSpec part, Matrix3x2 toBelt, ref SeededRandom random)
    {
        int scratches = (int)(sprite.MaskArea * shape.Scratches / 10_000 * random.Range(0, 2));
        if (scratches == 0)
            return;
        float reach = part.Size / 2;
        using var builder = new SKPathBuilder();
        for (int i = 0; i < scratches; i++)
        {
            var from = new Vector2(random.Range(-reach, reach), random.Range(-reach, reach));
            float angle = random.Range(0, MathF.Tau), length = random.Range(5, 0.5 * part.Size);
            Vector2 to = from + (new Vector2(MathF.Cos(angle), MathF.Sin(angle)) * length);
            Vector2 bend = ((from + to) / 2) + new Vector2(random.Range(-4, 4), random.Range(-4, 4));
            builder.MoveTo(from.X, from.Y);
            builder.QuadTo(bend.X, bend.Y, to.X, to.Y);
        }
        using SKPath path = builder.Detach();
        using var pen = new SKPaint
        {
            IsAntialias = true,
            Style = SKPaintStyle.Stroke,
            StrokeWidth = random.Range(0.5, 1.1),
            Color = SKColors.White,
        };
        ReadOnlySpan<byte> coverage = _coverage.Draw(path, toBelt, sprite.Bounds, pen);
        int lift = (int)random.Range(-60, 80);
        for (int i = 0; i < coverage.Length; i++)
        {
            if (coverage[i] == 0 || sprite.Color[(4 * i) + 3] != 255)
                continue;
            int change = lift * coverage[i] / 255;
            for (int c = 4 * i; c < (4 * i) + 3; c++)
                sprite.Color[c] = (byte)Math.Clamp(sprite.Color[c] + change, 0, 255);
        }
    }

    private void Grow(int count)
    {
        if (_plane.Length >= count)
            return;
        _plane = new float[count];
        _scratch = new float[count];
    }

    public void Dispose() => _coverage.Dispose();
}
