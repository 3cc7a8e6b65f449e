using CsCheck;

namespace Yolact.Edge.Imaging.Tests;

public class MaskMeasuresTests
{
    private static readonly Gen<(ScalarMask A, ScalarMask B)> Pairs =
        from width in Gen.Int[1, 30]
        from height in Gen.Int[1, 200]
        from a in ScalarMask.Sized(width, height)
        from b in ScalarMask.Sized(width, height)
        select (a, b);

    [Fact]
    public void Area_and_bounding_box_equal_the_scalar_version() => ScalarMask.Gen.Sample(scalar =>
    {
        BinaryMask mask = scalar.ToBinaryMask();
        Assert.Equal(scalar.Area(), mask.Area());
        Assert.Equal(scalar.BoundingBox(), mask.BoundingBox());
    });

    [Fact]
    public void Overlap_of_masks_in_different_regions_equals_the_scalar_version() => Pairs.Sample(pair =>
    {
        BinaryMask a = pair.A.ToBinaryMask(), b = pair.B.ToBinaryMask();
        int both = pair.A.ColumnMajor().Zip(pair.B.ColumnMajor()).Count(pixel => pixel.First && pixel.Second);
        int any = pair.A.ColumnMajor().Zip(pair.B.ColumnMajor()).Count(pixel => pixel.First || pixel.Second);
        Assert.Equal(both, MaskMeasures.Intersection(a, b));
        Assert.Equal(any == 0 ? 0 : (double)both / any, MaskMeasures.Iou(a, b));
    });

    [Fact]
    public void Masks_of_different_pictures_do_not_overlap() => Assert.Throws<ArgumentException>(
        () => MaskMeasures.Intersection(new BinaryMask(3, 4, default, default), new BinaryMask(4, 3, default, default)));
}
