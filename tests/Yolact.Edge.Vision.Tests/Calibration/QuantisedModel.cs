using SkiaSharp;
using Yolact.Edge.Imaging;
using Yolact.Edge.Model.Import;
using Yolact.Edge.Model.Quantisation;
using Yolact.Edge.Vision.Calibration;

namespace Yolact.Edge.Vision.Tests.Calibration;

/// <summary>The small model of the tests in int8, for both targets, and the pictures that it was calibrated on.</summary>
public sealed class QuantisedModel : IDisposable
{
    private const int CalibrationPictures = 6;

    private readonly SmallModel _small = new();

    public QuantisedModel()
    {
        var pool = new FramePool();
        Pictures = [.. Enumerable.Range(0, CalibrationPictures).Select(seed => Save(SmallModel.Picture(320, 240, seed, pool), Path.Combine(_small.Folder, $"{seed}.png")))];
        Cpu = Quantise("small-cpu", QuantisationTarget.Cpu);
        TensorRt = Quantise("small-tensorrt", QuantisationTarget.TensorRt);
    }

    public ModelFiles Float => _small.Files;

    public ModelFiles Cpu { get; }

    public ModelFiles TensorRt { get; }

    public IReadOnlyList<string> Pictures { get; }

    public string Folder => _small.Folder;

    public void Dispose() => _small.Dispose();

    public ModelFiles Of(QuantisationTarget target) => target == QuantisationTarget.Cpu ? Cpu : TensorRt;

    private ModelFiles Quantise(string name, QuantisationTarget target)
    {
        ModelQuantiser quantiser = ModelQuantiser.Open(Float, new() { Target = target });
        ModelFiles files = ModelFiles.In(_small.Folder, name);
        quantiser.Write(Calibrator.Run(quantiser, Pictures, new Silent(), TestContext.Current.CancellationToken), Pictures.Count, files);
        return files;
    }

    private static string Save(Frame frame, string path)
    {
        using (frame)
        using (var bitmap = new SKBitmap(frame.Width, frame.Height, SKColorType.Rgba8888, SKAlphaType.Opaque))
        {
            for (int y = 0; y < frame.Height; y++)
            {
                ReadOnlySpan<byte> row = frame.Row(y);
                for (int x = 0; x < frame.Width; x++)
                    bitmap.SetPixel(x, y, new SKColor(row[3 * x], row[(3 * x) + 1], row[(3 * x) + 2]));
            }
            using FileStream file = File.Create(path);
            bitmap.Encode(file, SKEncodedImageFormat.Png, 100);
        }
        return path;
    }

    internal sealed class Silent : IProgress<double>
    {
        public void Report(double value)
        {
        }
    }
}
