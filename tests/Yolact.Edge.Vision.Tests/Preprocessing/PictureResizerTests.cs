using CsCheck;
using Yolact.Edge.Imaging;
using Yolact.Edge.Vision.Preprocessing;

namespace Yolact.Edge.Vision.Tests.Preprocessing;

public class PictureResizerTests
{
    private static readonly FramePool Pool = new();

    // The reference's tolerance is 1e-3 after division by about 58; source positions in float32 cost up to 1e-5 of a pixel's
    // contrast each.
    private const double Tolerance = 0.02;

    // Cb and Cr in 14-bit fixed point may round a byte the other way.
    private const double YuvTolerance = 1.02;

    private static readonly Gen<(FrameLayout Layout, int Seed, PixelRect Region, Rotation Rotation, int Size)> Pictures =
        from width in Gen.Int[1, 70]
        from height in Gen.Int[1, 50]
        from format in Gen.Enum<PixelFormat>()
        from padding in Gen.Int[0, 9]
        from seed in Gen.Int
        from x in Gen.Int[0, width - 1]
        from y in Gen.Int[0, height - 1]
        from w in Gen.Int[1, width - x]
        from h in Gen.Int[1, height - y]
        from whole in Gen.Bool
        from rotation in Gen.Enum<Rotation>()
        from size in Gen.Int[1, 45]
        select (Padded(width, height, format, padding), seed, whole ? new PixelRect(0, 0, width, height)
            : new PixelRect(x, y, w, h), rotation, size);

    [Fact]
    public void Any_format_stride_region_and_rotation_equals_the_definition() =>
        Pictures.Sample(
            p =>
            {
                using Frame frame = Noise(p.Layout, p.Seed);
                var planes = new float[3 * p.Size * p.Size];
                new PictureResizer(p.Size).Resize(frame, new PictureView(p.Region, p.Rotation), planes);
                double[][,] expected = ScalarResize.Planes(frame, p.Region, p.Rotation, p.Size);
                double tolerance = p.Layout.Format is PixelFormat.Nv12 or PixelFormat.Yuy2 ? YuvTolerance : Tolerance;
                for (int i = 0; i < planes.Length; i++)
                {
                    int area = p.Size * p.Size;
                    Assert.Equal(expected[i / area][i % area / p.Size, i % p.Size], planes[i], tolerance);
                }
            },
            iter: 400);

    [Fact]
    public void Bytes_are_the_planes_rounded_to_nearest() =>
        Pictures.Sample(
            p =>
            {
                using Frame frame = Noise(p.Layout, p.Seed);
                var resizer = new PictureResizer(p.Size);
                var view = new PictureView(p.Region, p.Rotation);
                int area = p.Size * p.Size;
                var planes = new float[3 * area];
                var bytes = new byte[3 * area];
                resizer.Resize(frame, view, planes);
                resizer.Resize(frame, view, bytes);
                for (int i = 0; i < area; i++)
                {
                    for (int plane = 0; plane < 3; plane++)
                        Assert.InRange(bytes[(3 * i) + plane] - planes[(plane * area) + i], -0.501, 0.501);
                }
            },
            iter: 100);

    [Fact]
    public void A_picture_of_the_networks_size_goes_through_unchanged()
    {
        using Frame frame = Noise(FrameLayout.Packed(32, 32, PixelFormat.Rgb24), 5);
        var planes = new float[3 * 32 * 32];
        new PictureResizer(32).Resize(frame, default, planes);
        for (int i = 0; i < 32 * 32; i++)
            Assert.Equal([frame.Pixels[3 * i], frame.Pixels[(3 * i) + 1], frame.Pixels[(3 * i) + 2]],
                [planes[i], planes[1024 + i], planes[2048 + i]]);
    }

    [Fact]
    public void One_resizer_takes_pictures_of_changing_sizes_and_formats()
    {
        var resizer = new PictureResizer(20);
        var random = new Random(3);
        for (int i = 0; i < 40; i++)
        {
            var layout = FrameLayout.Packed(random.Next(1, 90), random.Next(1, 90), (PixelFormat)random.Next(6));
            using Frame frame = Noise(layout, i);
            var planes = new float[1200];
            var fresh = new float[1200];
            resizer.Resize(frame, default, planes);
            new PictureResizer(20).Resize(frame, default, fresh);
            Assert.Equal(fresh, planes);
        }
    }

    [Theory]
    [InlineData(20000, 10)]
    [InlineData(10, 20000)]
    [InlineData(1, 1)]
    public void Extreme_shapes_are_resized(int width, int height)
    {
        using Frame frame = Noise(FrameLayout.Packed(width, height, PixelFormat.Bgrx32), 1);
        var planes = new float[3 * 16 * 16];
        new PictureResizer(16).Resize(frame, default, planes);
        double[][,] expected = ScalarResize.Planes(frame, new(0, 0, width, height), Rotation.None, 16);
        for (int i = 0; i < planes.Length; i++)
            Assert.Equal(expected[i / 256][i % 256 / 16, i % 16], planes[i], 0.6);
    }

    [Theory]
    [InlineData(0, 0, 0, 5)]
    [InlineData(-1, 0, 5, 5)]
    [InlineData(6, 0, 5, 5)]
    [InlineData(0, 1, 5, 10)]
    public void A_region_outside_the_picture_is_refused(int x, int y, int width, int height)
    {
        using Frame frame = Noise(FrameLayout.Packed(10, 10, PixelFormat.Rgb24), 1);
        Assert.Throws<ArgumentException>(
            () => new PictureResizer(8).Resize(frame, new PictureView(new PixelRect(x, y, width, height)), new float[192]));
    }

    internal static Frame Noise(FrameLayout layout, int seed)
    {
        Frame frame = Pool.Rent(layout);
        new Random(seed).NextBytes(frame.Pixels);
        return frame;
    }

    private static FrameLayout Padded(int width, int height, PixelFormat format, int padding)
    {
        var packed = FrameLayout.Packed(width, height, format);
        int stride = packed.Stride + padding, chroma = packed.ChromaStride + padding;
        return format == PixelFormat.Nv12
            ? packed with { Stride = stride, ChromaOffset = (stride * height) + padding, ChromaStride = chroma }
            : packed with { Stride = stride };
    }
}
