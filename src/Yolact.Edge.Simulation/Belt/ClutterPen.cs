using SkiaSharp;

namespace Yolact.Edge.Simulation.Belt;

/// <summary>Strokes and fills with a soft shadow, and the outlines that <see cref="Clutter"/> is drawn from.</summary>
internal sealed class ClutterPen : IDisposable
{
    private readonly SKPaint _paint = new() { IsAntialias = true };
    private readonly SKPaint _shadow = new()
    {
        IsAntialias = true,
        Color = new SKColor(0, 0, 0, 110),
        MaskFilter = SKMaskFilter.CreateBlur(SKBlurStyle.Normal, 2),
    };

    /// <summary>The paint, for what needs no shadow.</summary>
    public SKPaint Paint => _paint;

    public static SKPath Blob(float size, ref SeededRandom random)
    {
        const int Corners = 9;
        Span<SKPoint> points = stackalloc SKPoint[Corners];
        for (int i = 0; i < Corners; i++)
        {
            (float sin, float cos) = MathF.SinCos(i * MathF.Tau / Corners);
            float radius = size * random.Range(0.6, 1.15);
            points[i] = new(radius * cos, radius * sin);
        }
        using var builder = new SKPathBuilder();
        builder.MoveTo(Middle(points[^1], points[0]));
        for (int i = 0; i < Corners; i++)
            builder.QuadTo(points[i], Middle(points[i], points[(i + 1) % Corners]));
        builder.Close();
        return builder.Detach();
    }

    private static SKPoint Middle(SKPoint a, SKPoint b) => new((a.X + b.X) / 2, (a.Y + b.Y) / 2);

    public static SKPath Polygon(ReadOnlySpan<SKPoint> points)
    {
        using var builder = new SKPathBuilder();
        builder.AddPoly(points, true);
        return builder.Detach();
    }

    public static SKColor Gray(ref SeededRandom random, float low, float high)
    {
        byte level = (byte)random.Range(low, high);
        return new(level, level, (byte)Math.Min(255, level * random.Range(0.94, 1.06)));
    }

    public void Stroke(SKCanvas canvas, SKPath path, float width, SKColor color, SKPoint? shadow)
    {
        if (shadow is { } offset)
        {
            _shadow.Style = SKPaintStyle.Stroke;
            _shadow.StrokeWidth = width;
            canvas.Translate(offset.X, offset.Y);
            canvas.DrawPath(path, _shadow);
            canvas.Translate(-offset.X, -offset.Y);
        }
        _paint.Style = SKPaintStyle.Stroke;
        _paint.StrokeCap = SKStrokeCap.Round;
        _paint.StrokeWidth = width;
        _paint.Color = color;
        canvas.DrawPath(path, _paint);
        if (shadow is null)
            return;
        // A highlight along the middle makes a strip of it.
        _paint.StrokeWidth = width * 0.3f;
        _paint.Color = new SKColor(255, 255, 255, 70);
        canvas.DrawPath(path, _paint);
        _paint.Color = color;
    }

    public void Fill(SKCanvas canvas, SKPath path, SKColor color, SKPoint? shadow)
    {
        if (shadow is { } offset)
        {
            _shadow.Style = SKPaintStyle.Fill;
            canvas.Translate(offset.X, offset.Y);
            canvas.DrawPath(path, _shadow);
            canvas.Translate(-offset.X, -offset.Y);
        }
        _paint.Style = SKPaintStyle.Fill;
        _paint.Color = color;
        canvas.DrawPath(path, _paint);
    }

    public void Dispose()
    {
        _paint.Dispose();
        _shadow.MaskFilter?.Dispose();
        _shadow.Dispose();
    }
}
