using System.Text.Json;
using Yolact.Edge.Imaging;
using Yolact.Edge.Imaging.Polygons;
using Yolact.Edge.Imaging.Rle;

namespace Yolact.Edge.Evaluation.Coco;

/// <summary>A mask in one of COCO's three forms: polygons, run lengths, or run lengths as compressed text.</summary>
public sealed class CocoSegmentation
{
    private readonly double[][]? _polygons;
    private readonly int[]? _runs;
    private readonly string? _counts;
    private readonly int _width;
    private readonly int _height;

    private CocoSegmentation(double[][] polygons) => _polygons = polygons;

    private CocoSegmentation(int width, int height, int[]? runs, string? counts) =>
        (_width, _height, _runs, _counts) = (width, height, runs, counts);

    /// <summary>The corners of a box as a polygon: the mask that COCO's tools give a result that has only a box.</summary>
    /// <param name="box">In px.</param>
    public static CocoSegmentation Of(CocoBox box) => new(
        [[box.X, box.Y, box.X, box.Y + box.Height, box.X + box.Width, box.Y + box.Height, box.X + box.Width, box.Y]]);

    /// <summary>Compressed run lengths.</summary>
    /// <param name="width">Columns of the picture in px.</param>
    /// <param name="height">Rows of the picture in px.</param>
    /// <param name="counts">COCO's compressed text.</param>
    public static CocoSegmentation Of(int width, int height, string counts) => new(width, height, null, counts);

    /// <summary>The mask. Its size is the picture's for polygons, else what the run lengths say.</summary>
    /// <param name="image">The picture that it belongs to.</param>
    /// <exception cref="FormatException">Polygons or run lengths make no mask: the message says why.</exception>
    public BinaryMask ToMask(CocoImage image)
    {
        ArgumentNullException.ThrowIfNull(image);
        if (_polygons is not null)
            return PolygonRasterizer.Rasterize(image.Width, image.Height, _polygons);
        return _counts is not null
            ? RunLengthDecoder.Decode(_width, _height, _counts)
            : RunLengthDecoder.FromRuns(_width, _height, _runs);
    }

    /// <summary>Reads any of the three forms.</summary>
    /// <param name="json">The value of `segmentation`.</param>
    /// <exception cref="FormatException">None of the forms.</exception>
    internal static CocoSegmentation Parse(JsonElement json) => json.ValueKind switch
    {
        JsonValueKind.Array when json.GetArrayLength() > 0 => new([.. json.EnumerateArray().Select(Polygon)]),
        JsonValueKind.Object => ParseRuns(json),
        _ => throw new FormatException("`segmentation` should be polygons ([[x, y, ...], ...]) or run lengths ({\"size\": [h, w], \"counts\": ...})."),
    };

    private static double[] Polygon(JsonElement json) =>
        json.Numbers() ?? throw new FormatException("`segmentation` has a polygon that is no array of numbers.");

    private static CocoSegmentation ParseRuns(JsonElement json)
    {
        if (!json.TryGetProperty("size", out JsonElement size) || size.Numbers() is not [var height, var width]
            || !Whole(width) || !Whole(height))
        {
            throw new FormatException("`segmentation.size` should be [height, width].");
        }
        if (!json.TryGetProperty("counts", out JsonElement counts))
            throw new FormatException("`segmentation.counts` is missing.");
        if (counts.ValueKind == JsonValueKind.String)
            return new((int)width, (int)height, null, counts.GetString());
        if (counts.Numbers() is not { } runs || !Array.TrueForAll(runs, Whole))
            throw new FormatException("`segmentation.counts` should be text or an array of run lengths.");
        return new((int)width, (int)height, Array.ConvertAll(runs, run => (int)run), null);
    }

    private static bool Whole(double value) => value == Math.Floor(value) && Math.Abs(value) <= int.MaxValue;
}
