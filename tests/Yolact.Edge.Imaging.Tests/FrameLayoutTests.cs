namespace Yolact.Edge.Imaging.Tests;

public class FrameLayoutTests
{
    [Theory]
    [InlineData(PixelFormat.Rgb24, 15, 45, 0, 0)]
    [InlineData(PixelFormat.Bgr24, 15, 45, 0, 0)]
    [InlineData(PixelFormat.Bgrx32, 20, 60, 0, 0)]
    [InlineData(PixelFormat.Gray8, 5, 15, 0, 0)]
    [InlineData(PixelFormat.Yuy2, 12, 36, 0, 0)]
    [InlineData(PixelFormat.Nv12, 5, 27, 15, 6)]
    public void Odd_sizes_are_laid_out_without_padding(PixelFormat format, int stride, int bytes, int chromaOffset, int chromaStride)
    {
        FrameLayout layout = FrameLayout.Packed(5, 3, format);
        Assert.Equal((stride, bytes, chromaOffset, chromaStride), (layout.Stride, layout.ByteCount, layout.ChromaOffset, layout.ChromaStride));
    }

    [Theory]
    [InlineData(0, 1)]
    [InlineData(1, -1)]
    [InlineData(FrameLayout.MaxSide + 1, 1)]
    [InlineData(FrameLayout.MaxSide, FrameLayout.MaxSide)]
    public void Impossible_sizes_are_refused(int width, int height) =>
        Assert.Throws<ArgumentOutOfRangeException>(() => FrameLayout.Packed(width, height, PixelFormat.Rgb24));
}
