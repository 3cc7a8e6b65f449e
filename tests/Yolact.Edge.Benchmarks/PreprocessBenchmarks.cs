using BenchmarkDotNet.Attributes;
using Yolact.Edge.Imaging;
using Yolact.Edge.Vision.Preprocessing;

namespace Yolact.Edge.Benchmarks;

/// <summary>From a frame to the network's input of 550 x 550 px.</summary>
[MemoryDiagnoser]
public class PreprocessBenchmarks
{
    private const int Side = 550;

    private readonly PictureResizer _resizer = new(Side);
    private readonly float[] _planes = new float[3 * Side * Side];
    private readonly byte[] _pixels = new byte[3 * Side * Side];
    private Frame _frame = null!;

    /// <summary>Layout of the frame.</summary>
    [Params(PixelFormat.Rgb24, PixelFormat.Bgrx32, PixelFormat.Nv12, PixelFormat.Yuy2, PixelFormat.Gray8)]
    public PixelFormat Format { get; set; }

    /// <summary>Size of the frame.</summary>
    [Params("640x480", "1280x720")]
    public string Size { get; set; } = "";

    [GlobalSetup]
    public void Prepare()
    {
        string[] sides = Size.Split('x');
        _frame = new FramePool().Rent(FrameLayout.Packed(int.Parse(sides[0]), int.Parse(sides[1]), Format));
        new Random(1).NextBytes(_frame.Pixels);
    }

    [Benchmark(Description = "float32 planes")]
    public void Planes() => _resizer.Resize(_frame, default, _planes);

    [Benchmark(Description = "uint8 pixels")]
    public void Pixels() => _resizer.Resize(_frame, default, _pixels);
}
