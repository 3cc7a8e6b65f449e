using CsCheck;
using Yolact.Edge.Imaging.Polygons;

namespace Yolact.Edge.Imaging.Tests.Polygons;

public class PolygonRasterizerTests
{
    private static readonly Gen<double> Coordinate = Gen.OneOf(
        Gen.Double[-15, 60], Gen.Int[-10, 60].Select(i => (double)i), Gen.Int[-20, 120].Select(i => i / 2.0), Gen.Int[-50, 300].Select(i => i / 5.0));

    private static readonly Gen<double[]> Polygon = Coordinate.Array[6, 24].Where(numbers => numbers.Length % 2 == 0);

    [Fact]
    public void A_rectangle_on_pixel_edges_sets_its_pixels()
    {
        BinaryMask mask = PolygonRasterizer.Rasterize(40, 30, [[10, 5, 10, 15, 30, 15, 30, 5]]);
        Assert.Equal(new PixelRect(10, 5, 20, 10), mask.BoundingBox());
        Assert.Equal(200, mask.Area());
    }

    [Fact]
    public void Any_polygon_gives_what_the_definition_gives() =>
        Gen.Select(Gen.Int[1, 50], Gen.OneOf(Gen.Int[1, 50], Gen.Int[60, 130]), Polygon).Sample((width, height, polygon) =>
        {
            ScalarMask mask = ScalarMask.From(PolygonRasterizer.Rasterize(width, height, [polygon]));
            Assert.Equal(ScalarPolygon.Coco(width, height, polygon), mask.ColumnMajor().ToArray());
        });

    [Fact]
    public void Several_polygons_are_united() => Gen.Select(Polygon, Polygon, Polygon).Sample((a, b, c) =>
    {
        BinaryMask[] single = [.. new[] { a, b, c }.Select(polygon => PolygonRasterizer.Rasterize(45, 70, [polygon]))];
        BinaryMask all = PolygonRasterizer.Rasterize(45, 70, [a, b, c]);
        for (int x = 0; x < 45; x++)
        {
            for (int y = 0; y < 70; y++)
                Assert.Equal(single[0][x, y] || single[1][x, y] || single[2][x, y], all[x, y]);
        }
    });

    [Fact]
    public void A_polygon_from_far_outside_costs_no_more()
    {
        BinaryMask mask = PolygonRasterizer.Rasterize(20, 10, [[-1e8, -1e8, 1e8, -1e8, 1e8, 1e8, -1e8, 1e8]]);
        Assert.Equal(200, mask.Area());
        Assert.Equal(0, PolygonRasterizer.Rasterize(20, 10, [[100, 100, 200, 100, 200, 200]]).Area());
        Assert.Equal(0, PolygonRasterizer.Rasterize(20, 10, []).Area());
    }

    [Theory]
    [InlineData(new double[] { 1, 2, 3, 4 }, "has 4 numbers")]
    [InlineData(new double[] { 1, 2, 3, 4, 5, 6, 7 }, "has 7 numbers")]
    [InlineData(new[] { 1, 2, 3, 4, 5, double.NaN }, "number 5 is NaN")]
    [InlineData(new[] { 1, 2, double.PositiveInfinity, 4, 5, 6 }, "number 2 is")]
    [InlineData(new[] { 1, 2, 3, -1e9, 5, 6 }, "number 3 is")]
    public void Bad_polygons_are_refused(double[] polygon, string message)
    {
        FormatException error = Assert.Throws<FormatException>(() => PolygonRasterizer.Rasterize(20, 10, [polygon]));
        Assert.Contains(message, error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_picture_without_pixels_is_refused() =>
        Assert.Throws<FormatException>(() => PolygonRasterizer.Rasterize(0, 10, [[0, 0, 1, 0, 1, 1]]));
}
