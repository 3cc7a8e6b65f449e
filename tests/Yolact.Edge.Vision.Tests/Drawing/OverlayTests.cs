using Yolact.Edge.Imaging;
using Yolact.Edge.Vision.Drawing;
using Yolact.Edge.Vision.Pictures;
using Yolact.Edge.Vision.Tests.Preprocessing;

namespace Yolact.Edge.Vision.Tests.Drawing;

public sealed class OverlayTests : IDisposable
{
    private static readonly FramePool Pool = new();
    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("yolact-overlay-");

    public void Dispose() => _folder.Delete(recursive: true);

    [Theory]
    [InlineData(PixelFormat.Rgb24)]
    [InlineData(PixelFormat.Bgr24)]
    [InlineData(PixelFormat.Bgrx32)]
    [InlineData(PixelFormat.Nv12)]
    [InlineData(PixelFormat.Yuy2)]
    [InlineData(PixelFormat.Gray8)]
    public void Without_detections_it_is_the_picture(PixelFormat format)
    {
        using Frame frame = PictureResizerTests.Noise(FrameLayout.Packed(31, 17, format), 4);
        Overlay overlay = Overlay.Draw(frame, [], []);
        for (int y = 0; y < 17; y++)
        {
            for (int x = 0; x < 31; x++)
            {
                int[] rgb = ScalarResize.Rgb(frame, x, y);
                ReadOnlySpan<byte> pixel = overlay.Pixels.Slice(((y * 31) + x) * 4, 4);
                for (int c = 0; c < 3; c++)
                    Assert.InRange(pixel[2 - c] - rgb[c], -1, 1);
                Assert.Equal(255, pixel[3]);
            }
        }
    }

    [Fact]
    public void Masks_are_tinted_inside_and_covered_at_their_border()
    {
        using Frame frame = Black(200, 150);
        var region = new PixelRect(50, 20, 80, 100);
        var words = new ulong[80 * 2];
        for (int column = 0; column < 80; column++)
            (words[2 * column], words[(2 * column) + 1]) = (ulong.MaxValue, (1ul << 36) - 1);
        var mask = new BinaryMask(200, 150, region, words);
        Overlay overlay = Overlay.Draw(frame, [new Detection(3, 0.9f, float.NaN, default, 0, mask)], ["a", "b", "c", "d"]);
        (byte blue, byte green, byte red) = ClassColor.Of(3);
        for (int y = 0; y < 150; y++)
        {
            for (int x = 0; x < 200; x++)
            {
                bool inside = mask[x, y];
                bool border = inside && (x == 50 || x == 129 || y == 20 || y == 119);
                ReadOnlySpan<byte> pixel = overlay.Pixels.Slice(((y * 200) + x) * 4, 3);
                (byte, byte, byte) expected = border ? (blue, green, red)
                    : inside ? ((byte)(blue * 100 >> 8), (byte)(green * 100 >> 8), (byte)(red * 100 >> 8))
                    : ((byte)0, (byte)0, (byte)0);
                Assert.Equal(expected, (pixel[0], pixel[1], pixel[2]));
            }
        }
    }

    [Fact]
    public void Boxes_anywhere_and_any_text_stay_inside_the_picture()
    {
        using Frame frame = Black(60, 40);
        Box[] boxes =
        [
            new(-50, -50, 500, 500), new(0, 96, -64, 192), new(float.NaN, 0, 10, 10), new(59.5f, 39.5f, 60, 40),
            new(10, 10, 20, 20),
            new(float.NegativeInfinity, 5, float.PositiveInfinity, 9),
        ];
        Detection[] detections = [.. boxes.Select((box, i) => new Detection(i, 0.5f, float.NaN, box, 0, default))];
        Overlay overlay = Overlay.Draw(frame, detections, ["Schräubchen €", "x", new string('w', 300)]);
        Assert.True(overlay.Pixels.ToArray().Distinct().Count() > 2);
    }

    [Fact]
    public void Masks_of_prototype_size_are_scaled()
    {
        using Frame frame = Black(100, 50);
        var mask = new BinaryMask(2, 2, new PixelRect(1, 0, 1, 1), new ulong[] { 1 });
        Overlay overlay = Overlay.Draw(frame, [new Detection(0, 0.9f, float.NaN, default, 0, mask)], ["a"]);
        for (int y = 0; y < 50; y++)
        {
            for (int x = 0; x < 100; x++)
                Assert.Equal(x >= 50 && y < 25, overlay.Pixels[(((y * 100) + x) * 4) + 2]
                    + overlay.Pixels[((y * 100) + x) * 4] > 0);
        }
    }

    [Fact]
    public void Classes_have_colours_of_their_own()
    {
        (byte B, byte G, byte R)[] colors = [.. Enumerable.Range(0, 80).Select(ClassColor.Of)];
        Assert.Equal(80, colors.Distinct().Count());
        for (int i = 1; i < colors.Length; i++)
            Assert.True(Math.Abs(colors[i].B - colors[i - 1].B) + Math.Abs(colors[i].G - colors[i - 1].G)
                + Math.Abs(colors[i].R - colors[i - 1].R) > 100);
    }

    [Theory]
    [InlineData("out.png", 0)]
    [InlineData("out.jpg", 30)]
    public void Files_come_back(string name, int tolerance)
    {
        using Frame frame = PictureResizerTests.Noise(FrameLayout.Packed(8, 8, PixelFormat.Gray8), 4);
        frame.Pixels.Fill(77);
        string path = Path.Combine(_folder.FullName, name);
        Overlay.Draw(frame, [], []).Save(path);
        using Frame back = PictureFile.Read(path, Pool);
        Assert.Equal((8, 8), (back.Width, back.Height));
        Assert.InRange(back.Pixels[0] - 77, -tolerance, tolerance);
        Assert.Equal([path], Directory.GetFiles(_folder.FullName));
    }

    private static Frame Black(int width, int height)
    {
        Frame frame = Pool.Rent(FrameLayout.Packed(width, height, PixelFormat.Rgb24));
        frame.Pixels.Clear();
        return frame;
    }
}
