using System.Numerics;
using SkiaSharp;

namespace Yolact.Edge.Simulation.Parts;

/// <summary>Outlines that shapes are made of. Holes are further contours: the even-odd rule keeps them open.</summary>
internal static class Outline
{
    public static SKPath Circle(Vector2 center, float radius) => Build(b => b.AddCircle(center.X, center.Y, radius));

    public static SKPath Ring(Vector2 center, float outer, float inner) => Build(b =>
    {
        b.AddCircle(center.X, center.Y, outer);
        b.AddCircle(center.X, center.Y, inner);
    });

    public static SKPath Rect(float left, float top, float right, float bottom, float corner = 0) => Build(b =>
        b.AddRoundRect(new SKRect(left, top, right, bottom), corner, corner));

    public static SKPath Polygon(params ReadOnlySpan<SKPoint> points)
    {
        using var builder = new SKPathBuilder { FillType = SKPathFillType.EvenOdd };
        builder.AddPoly(points, true);
        return builder.Detach();
    }

    /// <summary>A regular polygon with one corner at <paramref name="turn"/> radians.</summary>
    public static SKPath Regular(int corners, float radius, float turn = 0)
    {
        var points = new SKPoint[corners];
        for (int i = 0; i < corners; i++)
        {
            (float sin, float cos) = MathF.SinCos(turn + (i * MathF.Tau / corners));
            points[i] = new(radius * cos, radius * sin);
        }
        return Polygon(points);
    }

    /// <summary>A line with width and round or flat ends.</summary>
    public static SKPath Bar(Vector2 from, Vector2 to, float width, bool round = true)
    {
        Vector2 along = Vector2.Normalize(to - from), side = new Vector2(-along.Y, along.X) * (width / 2);
        if (!round)
            return Polygon(Point(from + side), Point(to + side), Point(to - side), Point(from - side));
        using SKPath line = Build(b =>
        {
            b.MoveTo(from.X, from.Y);
            b.LineTo(to.X, to.Y);
        });
        using var pen = new SKPaint { Style = SKPaintStyle.Stroke, StrokeWidth = width, StrokeCap = SKStrokeCap.Round };
        return pen.GetFillPath(line) ?? Circle(from, width / 2);
    }

    public static SKPath Build(Action<SKPathBuilder> draw)
    {
        using var builder = new SKPathBuilder { FillType = SKPathFillType.EvenOdd };
        draw(builder);
        return builder.Detach();
    }

    /// <summary>Opens holes in an outline.</summary>
    public static SKPath Pierce(SKPath plate, params ReadOnlySpan<(Vector2 Center, float Radius)> holes)
    {
        using var builder = new SKPathBuilder(plate) { FillType = SKPathFillType.EvenOdd };
        foreach ((Vector2 center, float radius) in holes)
            builder.AddCircle(center.X, center.Y, radius);
        plate.Dispose();
        return builder.Detach();
    }

    public static SKPoint Point(Vector2 v) => new(v.X, v.Y);
}
