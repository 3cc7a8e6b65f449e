using SkiaSharp;

namespace Yolact.Edge.Simulation.Belt;

/// <summary>What lies on the belt and is no part: swarf, tape, oil, cable ties, labels, dust, pellets. One thing, at one
/// place, from a seed.</summary>
internal sealed class Clutter : IDisposable
{
    private readonly ClutterPen _pen = new();

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
        _pen.Stroke(canvas, path, random.Range(1.5, 3.2), ClutterPen.Gray(ref random, 120, 225), offset);
    }

    private void CableTie(SKCanvas canvas, SKCanvas? hides, SKPoint offset, ref SeededRandom random)
    {
        float length = random.Range(40, 85), bend = random.Range(-45, 45);
        using var builder = new SKPathBuilder();
        builder.MoveTo(-length, 0);
        builder.QuadTo(random.Range(-20, 20), bend, length, random.Range(-25, 25));
        using SKPath path = builder.Detach();
        SKColor color = random.Chance(0.5) ? ClutterPen.Gray(ref random, 20, 50) : ClutterPen.Gray(ref random, 200, 240);
        float width = random.Range(3, 5.5);
        _pen.Stroke(canvas, path, width, color, offset);
        var head = new SKRect(-length - 6, -5, -length + 5, 5);
        _pen.Paint.Style = SKPaintStyle.Fill;
        canvas.DrawRoundRect(head, 2, 2, _pen.Paint);
        if (hides is null)
            return;
        _pen.Stroke(hides, path, width, SKColors.White, null);
        _pen.Paint.Style = SKPaintStyle.Fill;
        hides.DrawRoundRect(head, 2, 2, _pen.Paint);
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
        using SKPath path = ClutterPen.Polygon(points);
        SKColor color = random.Pick<SKColor>(
            [new(196, 160, 98), new(225, 221, 208), new(214, 190, 40), new(40, 70, 150), new(130, 132, 134)]);
        _pen.Fill(canvas, path, color.WithAlpha((byte)random.Range(200, 255)), offset);
        _pen.Paint.Style = SKPaintStyle.Stroke;
        _pen.Paint.StrokeWidth = 1;
        _pen.Paint.Color = new SKColor(255, 255, 255, 45);
        for (int i = 0; i < 3; i++)
        {
            float y = random.Range(-width, width);
            canvas.DrawLine(-half + 3, y, half - 3, y + random.Range(-3, 3), _pen.Paint);
        }
        if (hides is not null)
            _pen.Fill(hides, path, SKColors.White, null);
    }

    private void Oil(SKCanvas canvas, ref SeededRandom random)
    {
        float size = random.Range(10, 48);
        using SKMaskFilter blur = SKMaskFilter.CreateBlur(SKBlurStyle.Normal, random.Range(1.5, 6));
        using SKPath path = ClutterPen.Blob(size, ref random);
        _pen.Paint.Style = SKPaintStyle.Fill;
        _pen.Paint.MaskFilter = blur;
        _pen.Paint.Color = random.Chance(0.8)
            ? new SKColor(14, 11, 8, (byte)random.Range(60, 170))
            : new SKColor(225, 222, 214, (byte)random.Range(30, 80));
        canvas.DrawPath(path, _pen.Paint);
        _pen.Paint.MaskFilter = null;
        _pen.Paint.Style = SKPaintStyle.Stroke;
        _pen.Paint.StrokeWidth = 1.5f;
        _pen.Paint.Color = new SKColor(255, 255, 255, 26);
        canvas.DrawPath(path, _pen.Paint);
    }

    private void Label(SKCanvas canvas, SKPoint offset, ref SeededRandom random)
    {
        float w = random.Range(14, 34), h = w * random.Range(0.5, 0.9);
        using SKPath path = ClutterPen.Polygon(
            [new(-w, -h + random.Range(0, 5)), new(w, -h), new(w - random.Range(0, 9), h), new(-w, h - random.Range(0, 5))]);
        _pen.Fill(canvas, path, ClutterPen.Gray(ref random, 205, 245), offset);
        _pen.Paint.Style = SKPaintStyle.Stroke;
        _pen.Paint.StrokeWidth = random.Range(1, 2.4);
        _pen.Paint.Color = new SKColor(40, 40, 46, 150);
        for (float y = -h + 6; y < h - 4; y += random.Range(4, 8))
            canvas.DrawLine(-w + 4, y, random.Range(-w * 0.2f, w - 6), y, _pen.Paint);
    }

    private void Dust(SKCanvas canvas, ref SeededRandom random)
    {
        _pen.Paint.Style = SKPaintStyle.Fill;
        SKColor color = random.Chance(0.5) ? new(190, 182, 168) : new(30, 28, 26);
        for (int i = 0, n = 20 + random.Next(60); i < n; i++)
        {
            float angle = random.Range(0, MathF.Tau), distance = random.Range(0, 1);
            distance *= distance * 80;
            _pen.Paint.Color = color.WithAlpha((byte)random.Range(40, 190));
            canvas.DrawCircle(distance * MathF.Cos(angle), distance * MathF.Sin(angle), random.Range(0.4, 1.9), _pen.Paint);
        }
    }

    private void Pellets(SKCanvas canvas, SKPoint offset, ref SeededRandom random)
    {
        SKColor color = random.Pick<SKColor>([new(215, 210, 200), new(48, 48, 50), new(170, 60, 40), new(120, 96, 64)]);
        for (int i = 0, n = 2 + random.Next(7); i < n; i++)
        {
            float x = random.Range(-40, 40), y = random.Range(-40, 40);
            using SKPath path = ClutterPen.Blob(random.Range(2.5, 8), ref random);
            using SKPath placed = new();
            path.Transform(SKMatrix.CreateTranslation(x, y), placed);
            _pen.Fill(canvas, placed, color, offset);
            _pen.Paint.Color = new SKColor(255, 255, 255, 70);
            canvas.DrawCircle(x - (offset.X * 0.4f), y - (offset.Y * 0.4f), 1.4f, _pen.Paint);
        }
    }

    public void Dispose() => _pen.Dispose();
}
