using Yolact.Edge.Vision.Preprocessing;

namespace Yolact.Edge.Vision.Tests.Preprocessing;

public class YuvRowTests
{
    [Fact]
    public void Vector_and_scalar_tails_agree_with_the_standard_within_one_step()
    {
        var random = new Random(1);
        for (int pixels = 1; pixels < 40; pixels++)
        {
            var luma = new byte[pixels];
            var chroma = new byte[(pixels + 1) / 2 * 2];
            random.NextBytes(luma);
            random.NextBytes(chroma);
            var packed = new byte[(pixels + 1) / 2 * 4];
            for (int x = 0; x < pixels; x++)
            {
                packed[2 * x] = luma[x];
                packed[(x / 2 * 4) + 1] = chroma[x / 2 * 2];
                packed[(x / 2 * 4) + 3] = chroma[(x / 2 * 2) + 1];
            }
            var nv12 = new byte[pixels * 4];
            var yuy2 = new byte[pixels * 4];
            YuvRow.FromNv12(luma, chroma, nv12, pixels);
            YuvRow.FromYuy2(packed, yuy2, pixels);
            Assert.Equal(nv12, yuy2);
            for (int x = 0; x < pixels; x++)
            {
                int[] rgb = ScalarResize.Bt601(luma[x], chroma[x / 2 * 2], chroma[(x / 2 * 2) + 1]);
                for (int c = 0; c < 3; c++)
                    Assert.InRange(nv12[(4 * x) + 2 - c] - rgb[c], -1, 1);
            }
        }
    }

    [Theory]
    [InlineData(16, 128, 128, 0, 0, 0)]
    [InlineData(235, 128, 128, 255, 255, 255)]
    [InlineData(81, 90, 240, 255, 0, 0)]
    [InlineData(145, 54, 34, 0, 255, 0)]
    [InlineData(41, 240, 110, 0, 0, 255)]
    public void Known_colours(int y, int cb, int cr, int red, int green, int blue)
    {
        var bgrx = new byte[4];
        YuvRow.FromYuy2([(byte)y, (byte)cb, (byte)y, (byte)cr], bgrx, 1);
        Assert.InRange(bgrx[2] - red, -2, 2);
        Assert.InRange(bgrx[1] - green, -2, 2);
        Assert.InRange(bgrx[0] - blue, -2, 2);
    }
}
