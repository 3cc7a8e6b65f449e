using System.Numerics;
using CsCheck;
using Yolact.Edge.Imaging;
using Yolact.Edge.Simulation.Parts;
using Yolact.Edge.Simulation.Shading;

namespace Yolact.Edge.Simulation.Tests.Parts;

public sealed class PartShapeTests
{
    public static TheoryData<PartClass> Classes => [.. Enum.GetValues<PartClass>()];

    [Fact]
    public void There_is_a_name_for_each_class() =>
        Assert.Equal(Enum.GetValues<PartClass>().Length, BeltParts.ClassNames.Distinct().Count());

    [Theory]
    [MemberData(nameof(Classes))]
    public void A_part_reaches_its_size_and_not_beyond_what_the_belt_allows_for(PartClass partClass)
    {
        (float smallest, float largest) = BeltParts.SizeRange(partClass);
        Gen.Select(Gen.Double[smallest, largest], Gen.ULong, Gen.Double[0, Math.Tau]).Sample((size, seed, angle) =>
        {
            using PartShape shape = PartShape.Create(partClass, (float)size, seed);
            Box box = CoverageCanvas.TightBounds(shape.Mask, Matrix3x2.CreateRotation((float)angle));
            float reach = Math.Max(Math.Max(-box.X1, box.X2), Math.Max(-box.Y1, box.Y2));
            return reach <= 0.56 * size && Math.Max(box.Width, box.Height) >= 0.6 * size;
        }, iter: 200);
    }

    [Theory]
    [InlineData(PartClass.Washer)]
    [InlineData(PartClass.HexNut)]
    [InlineData(PartClass.Gear)]
    [InlineData(PartClass.Bearing)]
    [InlineData(PartClass.Flange)]
    public void What_has_a_bore_has_a_hole_in_its_mask(PartClass partClass) => Gen.ULong.Sample(seed =>
    {
        using PartShape shape = PartShape.Create(partClass, 120, seed);
        return !shape.Mask.Contains(0, 0) && shape.Mask.Contains(0, 42);
    }, iter: 50);

    [Theory]
    [InlineData(PartClass.Spring)]
    [InlineData(PartClass.Pin)]
    [InlineData(PartClass.Bolt)]
    public void What_is_solid_or_an_envelope_has_none(PartClass partClass) => Gen.ULong.Sample(seed =>
    {
        using PartShape shape = PartShape.Create(partClass, 120, seed);
        return Enumerable.Range(-55, 111).All(x => shape.Mask.Contains(x, 0));
    }, iter: 50);

    [Theory]
    [MemberData(nameof(Classes))]
    public void Whatever_is_drawn_of_a_part_lies_within_its_mask(PartClass partClass) =>
        Gen.ULong.Sample(seed => DrawnWithinMask(partClass, seed), iter: 25);

    [Fact]
    public void The_facets_of_a_bolts_head_do_not_stand_out_at_its_corners() =>
        Assert.All(Enumerable.Range(0, 600), seed => Assert.True(DrawnWithinMask(PartClass.Bolt, (ulong)seed)));

    private static bool DrawnWithinMask(PartClass partClass, ulong seed)
    {
        using PartShape shape = PartShape.Create(partClass, 120, seed);
        using var canvas = new CoverageCanvas();
        var area = new PixelRect(-80, -80, 160, 160);
        byte[] mask = canvas.Fill(shape.Mask, Matrix3x2.Identity, area).ToArray();
        bool within = true;
        foreach (Solid solid in shape.Solids)
        {
            ReadOnlySpan<byte> drawn = canvas.Fill(solid.Path, Matrix3x2.Identity, area);
            for (int i = 0; i < drawn.Length; i++)
                within &= drawn[i] < 128 || mask[i] > 40;
        }
        return within;
    }
}
