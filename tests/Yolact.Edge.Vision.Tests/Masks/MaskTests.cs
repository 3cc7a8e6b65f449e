using CsCheck;
using Yolact.Edge.Imaging;
using Yolact.Edge.Vision.Masks;
using Yolact.Edge.Vision.Preprocessing;

namespace Yolact.Edge.Vision.Tests.Masks;

public class MaskTests
{
    // Soft values are near to float32; pixels closer to one half than this may fall either way.
    private const double SoftTolerance = 2e-6, UndecidedBand = 4e-6;

    private static readonly Gen<(float[] Prototypes, int Side, float[] Coefficients, Box Box)> Scenes =
        from side in Gen.Int[1, 70]
        from dimensions in Gen.Int[1, 6]
        from seed in Gen.Int
        from corners in Gen.Float[-0.4f, 1.4f].Array[4]
        select (Smooth(side, dimensions, seed), side, Coefficients(dimensions, seed),
            new Box(corners[0], corners[1], corners[2], corners[3]));

    [Fact]
    public void Soft_masks_equal_the_definition_inside_the_crop_and_leave_the_rest() =>
        Scenes.Sample(
            scene =>
            {
                (float[] prototypes, int side, float[] coefficients, Box box) = scene;
                PixelRect crop = PixelSpan.Crop(box, side, side);
                float[] mask = Assemble(scene, crop);
                double[,] expected = ScalarMask.Soft(prototypes, side, coefficients, box);
                for (int y = 0; y < side; y++)
                {
                    for (int x = 0; x < side; x++)
                        Assert.Equal(expected[y, x], mask[(y * side) + x], SoftTolerance);
                }
            },
            iter: 300);

    [Fact]
    public void Masks_at_the_pictures_size_equal_the_definition() =>
        Gen.Select(Scenes, Gen.Int[1, 300], Gen.Int[1, 300], Gen.Enum<Rotation>(), Gen.Int[0, 20], Gen.Int[0, 20]).Sample(
            (scene, width, height, rotation, left, top) =>
            {
                (float[] prototypes, int side, float[] coefficients, Box box) = scene;
                var region = new PixelRect(left, top, width, height);
                PixelRect crop = PixelSpan.Crop(box, side, side);
                BinaryMask mask = Make(Assemble(scene, crop), side, crop, width + left + 3, height + top + 2, region, rotation,
                    MaskResolution.Source);

                double[,] soft = Unturned(ScalarMask.Soft(prototypes, side, coefficients, box), rotation);
                double[,] expected = ScalarMask.Upsampled(soft, width, height);
                Assert.Equal((width + left + 3, height + top + 2), (mask.Width, mask.Height));
                for (int y = 0; y < mask.Height; y++)
                {
                    for (int x = 0; x < mask.Width; x++)
                    {
                        bool inside = x >= left && x < left + width && y >= top && y < top + height;
                        double value = inside ? expected[y - top, x - left] : 0;
                        if (Math.Abs(value - 0.5) > UndecidedBand)
                            Assert.Equal(value > 0.5, mask[x, y]);
                    }
                }
            },
            iter: 300);

    [Fact]
    public void Masks_at_prototype_size_are_the_soft_mask_cut_at_one_half() =>
        Gen.Select(Scenes, Gen.Enum<Rotation>()).Sample(
            (scene, rotation) =>
            {
                (float[] prototypes, int side, float[] coefficients, Box box) = scene;
                PixelRect crop = PixelSpan.Crop(box, side, side);
                BinaryMask mask =
                    Make(Assemble(scene, crop), side, crop, 640, 480, new(10, 10, 400, 300), rotation, MaskResolution.Prototype);
                double[,] soft = Unturned(ScalarMask.Soft(prototypes, side, coefficients, box), rotation);
                Assert.Equal((side, side), (mask.Width, mask.Height));
                for (int y = 0; y < side; y++)
                {
                    for (int x = 0; x < side; x++)
                    {
                        if (Math.Abs(soft[y, x] - 0.5) > UndecidedBand)
                            Assert.Equal(soft[y, x] > 0.5, mask[x, y]);
                    }
                }
            },
            iter: 200);

    [Fact]
    public void Bits_below_the_regions_last_row_stay_zero()
    {
        var words = new ulong[4];
        words.AsSpan().Fill(ulong.MaxValue);
        const int Side = 3;
        float[] soft = [.. Enumerable.Repeat(0.9f, Side * Side)];
        BinaryMask mask = Make(soft, Side, new PixelRect(0, 0, Side, Side), 1, 70, new PixelRect(0, 0, 1, 70), Rotation.None,
            MaskResolution.Source, words);
        Assert.Equal([ulong.MaxValue, (1ul << 6) - 1], mask.Words.ToArray());
    }

    [Fact]
    public void Ranges_of_bits_are_set_across_words() =>
        Gen.Select(Gen.Int[0, 200], Gen.Int[0, 200]).Sample((from, to) =>
        {
            var words = new ulong[4];
            BitColumn.SetRange(words, from, to);
            for (int bit = 0; bit < 256; bit++)
                Assert.Equal(bit >= from && bit < to, (words[bit / 64] >> (bit % 64) & 1) != 0);
        });

    private static float[] Assemble((float[] Prototypes, int Side, float[] Coefficients, Box Box) scene, PixelRect crop)
    {
        var mask = new float[scene.Side * scene.Side];
        float[] withSlack = [.. scene.Prototypes, .. new float[SoftMask.Slack]];
        SoftMask.Assemble(withSlack, scene.Side, scene.Side, scene.Coefficients, crop, mask,
            new float[scene.Side + SoftMask.Slack]);
        return mask;
    }

    private static BinaryMask Make(float[] soft, int side, PixelRect crop, int width, int height, PixelRect region,
        Rotation rotation,
        MaskResolution resolution, ulong[]? words = null)
    {
        var maker = new MaskMaker(side, resolution);
        maker.Begin(width, height, region, rotation);
        return maker.Make(soft, crop, words ?? new ulong[maker.WordsFor(crop)]);
    }

    private static double[,] Unturned(double[,] view, Rotation rotation)
    {
        int n = view.GetLength(0);
        var mask = new double[n, n];
        for (int y = 0; y < n; y++)
        {
            for (int x = 0; x < n; x++)
            {
                mask[y, x] = rotation switch
                {
                    Rotation.Clockwise90 => view[x, n - 1 - y],
                    Rotation.Clockwise180 => view[n - 1 - y, n - 1 - x],
                    Rotation.Clockwise270 => view[n - 1 - x, y],
                    _ => view[y, x],
                };
            }
        }
        return mask;
    }

    // Blobs a few pixels wide, as prototypes have them, so that masks have insides, edges and holes.
    private static float[] Smooth(int side, int dimensions, int seed)
    {
        var random = new Random(seed);
        var planes = new float[dimensions * side * side];
        for (int d = 0; d < dimensions; d++)
        {
            double fx = random.NextDouble() * 0.8, fy = random.NextDouble() * 0.8, phase = random.NextDouble() * 6;
            for (int i = 0; i < side * side; i++)
                planes[(d * side * side) + i] = (float)Math.Max(0, 2 * Math.Sin((fx * (i % side)) + (fy * (i / side)) + phase));
        }
        return planes;
    }

    private static float[] Coefficients(int dimensions, int seed)
    {
        var random = new Random(seed ^ 77);
        return [.. Enumerable.Range(0, dimensions).Select(_ => (random.NextSingle() * 2) - 1)];
    }
}
