namespace Yolact.Edge.Imaging.Tests;

public class BinaryMaskTests
{
    [Fact]
    public void Pixels_are_read_in_picture_coordinates_and_unset_outside_the_region()
    {
        ulong[] words = new ulong[4];
        words[(1 * 2) + 1] = 1UL << 5;
        BinaryMask mask = new(10, 100, new PixelRect(3, 7, 2, 70), words);
        Assert.True(mask[4, 7 + 64 + 5]);
        Assert.False(mask[3, 7 + 64 + 5]);
        Assert.False(mask[0, 0]);
        Assert.False(mask[-1, 1000]);
    }

    [Fact]
    public void A_region_must_lie_inside_and_have_its_words()
    {
        Assert.Throws<ArgumentOutOfRangeException>(() => new BinaryMask(4, 4, new PixelRect(1, 0, 4, 1), new ulong[4]));
        Assert.Throws<ArgumentOutOfRangeException>(() => new BinaryMask(4, 4, new PixelRect(-1, 0, 4, 1), new ulong[4]));
        Assert.Throws<ArgumentException>(() => new BinaryMask(4, 4, new PixelRect(0, 0, 4, 1), new ulong[3]));
        Assert.Throws<ArgumentOutOfRangeException>(() => new BinaryMask(1 << 16, 1 << 16, default, default));
    }
}
