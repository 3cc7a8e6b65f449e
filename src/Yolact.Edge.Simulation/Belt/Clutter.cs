using SkiaSharp;

namespace Yolact.Edge.Simulation.Belt;

/// <summary>What lies on the belt and is no part: swarf, tape, oil, cable ties, labels, dust, pellets. One thing, at one place, from a seed.</summary>
internal sealed class Clutter : IDisposable
{
    private readonly SKPaint _paint = new() { IsAntialias = true };
    private readonly SKPaint _shadow = new()
    {
        IsAntialias = true,
        Color = new SKColor(0, 0, 0, 110),
        MaskFilter = SKMaskFilter.CreateBlur(SKBlurStyle.Normal, 2),
    };

    /// <summary>No piece of clutter reaches further than this from its centre, in px, shadow included.</summary>
    public const int Reach = 110;

    /// <summary>True where the thing lies on the parts instead of under them.</summary>
    public static bool LiesOnTop(ulong seed) => new SeededRandom(seed).Chance(0.08);

    /// <summary>Draws the thing around the canvas' origin.</summary>
    /// <param name="canvas">With its origin at the thing's centre.</param>
    /// <param name="seed">What it is and how it looks.</param>
    /// <param name="shadowX">Offset of its shadow, px.</param>
    /// <param name="shadowY">Offset of its shadow, px.</param>
    /// <param name="hides">For a thing on top: draws where it hides the parts; else null.</param>
    public void Draw(SKCanvas canvas, ulong seed, float shadowX, float shadowY, SKCanvas? hides)
    {
        var random = new SeededRandom(seed);
        bool onTop = random.Chance(0.08);
        float turn = random.Range(0, 360);
        int kind = onTop ? 1 + random.Next(2) : random.Next(8);
        canvas.RotateDegrees(turn);
        hides?.RotateDegrees(turn);
        // The shadow falls in the picture's axes: turn its offset back.
        (float sin, float cos) = MathF.SinCos(-turn * MathF.PI / 180);
        var offset = new SKPoint((shadowX * cos) - (shadowY * sin), (shadowX * sin) + (shadowY * cos));
        switch (kind)
        {
            case 0:
                Swarf(canvas, offset, ref random);
                break;
            case 1:
                CableTie(canvas, hides, offset, ref random);
                break;
            case 2:
                Tape(canvas, hides, offset, ref random);
                break;
            case 3 or 4:
                Oil(canvas, ref random);
                break;
            case 5:
                Label(canvas, offset, ref random);
                break;
            case 6:
                Dust(canvas, ref random);
                break;
            default:
                Pellets(canvas, offset, ref random);
                break;
        }
    }

    // A curled metal chip: a few bright, narrow arcs.
    private void Swarf(SKCanvas canvas, SKPoint offset, ref SeededRandom random)
    {
        using var builder = new SKPathBuilder();
        float x = 0, step = random.Range(5, 9), curl = random.Range(5, 12);
        builder.MoveTo(0, 0);
        for (int i = 0, n = 2 + random.Next(5); i < n; i++, x += step)
            builder.CubicTo(x + curl, -curl * 1.6f, x - (curl * 0.6f), -curl * 1.6f, x + step, random.Range(-3, 3));
        using SKPath path = builder.Detach();
        Stroke(canvas, path, random.Range(1.5, 3.2), Gray(ref random, 120, 225), offset);
    }

    private void CableTie(SKCanvas canvas, SKCanvas? hides, SKPoint offset, ref SeededRandom random)
    {
        float length = random.Range(40, 85), bend = random.Range(-45, 45);
        using var builder = new SKPathBuilder();
        builder.MoveTo(-length, 0);
        builder.QuadTo(random.Range(-20, 20), bend, length, random.Range(-25, 25));
        using SKPath path = builder.Detach();
        SKColor color = random.Chance(0.5) ? Gray(ref random, 20, 50) : Gray(ref random, 200, 240);
        float width = random.Range(3, 5.5);
        Stroke(canvas, path, width, color, offset);
        var head = new SKRect(-length - 6, -5, -length + 5, 5);
        _paint.Style = SKPaintStyle.Fill;
        canvas.DrawRoundRect(head, 2, 2, _paint);
        if (hides is null)
            return;
        Stroke(hides, path, width, SKColors.White, null);
        _paint.Style = SKPaintStyle.Fill;
        hides.DrawRoundRect(head, 2, 2, _paint);
    }

    private void Tape(SKCanvas canvas, SKCanvas? hides, SKPoint offset, ref SeededRandom random)
    {
        float half = random.Range(18, 55), width = random.Range(7, 16);
        // Torn ends.
        var points = new SKPoint[12];
        for (int i = 0; i < 6; i++)
        {
            points[i] = new(half + random.Range(-4, 4), -width + (i * width * 0.4f));
            points[11 - i] = new(-half + random.Range(-4, 4), -width + (i * width * 0.4f));
        }
        using SKPath path = Polygon(points);
        SKColor color = random.Pick<SKColor>([new(196, 160, 98), new(225, 221, 208), new(214, 190, 40), new(40, 70, 150), new(130, 132, 134)]);
        Fill(canvas, path, color.WithAlpha((byte)random.Range(200, 255)), offset);
        _paint.Style = SKPaintStyle.Stroke;
        _paint.StrokeWidth = 1;
        _paint.Color = new SKColor(255, 255, 255, 45);
        for (int i = 0; i < 3; i++)
        {
            float y = random.Range(-width, width);
            canvas.DrawLine(-half + 3, y, half - 3, y + random.Range(-3, 3), _paint);
        }
        if (hides is not null)
            Fill(hides, path, SKColors.White, null);
    }

    private void Oil(SKCanvas canvas, ref SeededRandom random)
    {
        float size = random.Range(10, 48);
        using SKMaskFilter blur = SKMaskFilter.CreateBlur(SKBlurStyle.Normal, random.Range(1.5, 6));
        using SKPath path = Blob(size, ref random);
        _paint.Style = SKPaintStyle.Fill;
        _paint.MaskFilter = blur;
        _paint.Color = random.Chance(0.8)
            ? new SKColor(14, 11, 8, (byte)random.Range(60, 170))
            : new SKColor(225, 222, 214, (byte)random.Range(30, 80));
        canvas.DrawPath(path, _paint);
        _paint.MaskFilter = null;
        _paint.Style = SKPaintStyle.Stroke;
        _paint.StrokeWidth = 1.5f;
        _paint.Color = new SKColor(255, 255, 255, 26);
        canvas.DrawPath(path, _paint);
    }

    private void Label(SKCanvas canvas, SKPoint offset, ref SeededRandom random)
    {
        float w = random.Range(14, 34), h = w * random.Range(0.5, 0.9);
        using SKPath path = Polygon(
            [new(-w, -h + random.Range(0, 5)), new(w, -h), new(w - random.Range(0, 9), h), new(-w, h - random.Range(0, 5))]);
        Fill(canvas, path, Gray(ref random, 205, 245), offset);
        _paint.Style = SKPaintStyle.Stroke;
        _paint.StrokeWidth = random.Range(1, 2.4);
        _paint.Color = new SKColor(40, 40, 46, 150);
        for (float y = -h + 6; y < h - 4; y += random.Range(4, 8))
            canvas.DrawLine(-w + 4, y, random.Range(-w * 0.2f, w - 6), y, _paint);
    }

    private void Dust(SKCanvas canvas, ref SeededRandom random)
    {
        _paint.Style = SKPaintStyle.Fill;
        SKColor color = random.Chance(0.5) ? new(190, 182, 168) : new(30, 28, 26);
        for (int i = 0, n = 20 + random.Next(60); i < n; i++)
        {
            float angle = random.Range(0, MathF.Tau), distance = random.Range(0, 1);
            distance *= distance * 80;
            _paint.Color = color.WithAlpha((byte)random.Range(40, 190));
            canvas.DrawCircle(distance * MathF.Cos(angle), distance * MathF.Sin(angle), random.Range(0.4, 1.9), _paint);
        }
    }

    private void Pellets(SKCanvas canvas, SKPoint offset, ref SeededRandom random)
    {
        SKColor color = random.Pick<SKColor>([new(215, 210, 200), new(48, 48, 50), new(170, 60, 40), new(120, 96, 64)]);
        for (int i = 0, n = 2 + random.Next(7); i < n; i++)
        {
            float x = random.Range(-40, 40), y = random.Range(-40, 40);
            using SKPath path = Blob(random.Range(2.5, 8), ref random);
            using SKPath placed = new();
            path.Transform(SKMatrix.CreateTranslation(x, y), placed);
            Fill(canvas, placed, color, offset);
            _paint.Color = new SKColor(255, 255, 255, 70);
            canvas.DrawCircle(x - (offset.X * 0.4f), y - (offset.Y * 0.4f), 1.4f, _paint);
        }
    }

    private static SKPath Blob(float size, ref SeededRandom random)
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

    private static SKPath Polygon(ReadOnlySpan<SKPoint> points)
    {
        using var builder = new SKPathBuilder();
        builder.AddPoly(points, true);
        return builder.Detach();
    }

    private static SKColor Gray(ref SeededRandom random, float low, float high)
    {
        byte level = (byte)random.Range(low, high);
        return new(level, level, (byte)Math.Min(255, level * random.Range(0.94, 1.06)));
    }

    private void Stroke(SKCanvas canvas, SKPath path, float width, SKColor color, SKPoint? shadow)
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

    private void Fill(SKCanvas canvas, SKPath path, SKColor color, SKPoint? shadow)
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
