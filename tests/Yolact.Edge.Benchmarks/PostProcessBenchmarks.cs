using BenchmarkDotNet.Attributes;
using Yolact.Edge.Imaging;
using Yolact.Edge.Imaging.Rle;
using Yolact.Edge.Vision.Masks;
using Yolact.Edge.Vision.Preprocessing;
using Yolact.Edge.Vision.Suppression;

namespace Yolact.Edge.Benchmarks;

/// <summary>From candidates to run lengths: 892 kept priors x 80 classes, 100 detections, masks of 1280 x 720 px.</summary>
[MemoryDiagnoser]
public class PostProcessBenchmarks
{
    private const int Width = 1280, Height = 720, Most = 100, InputSize = 550;
    private const float Iou = 0.5f, Floor = 0.05f;

    private readonly CrowdedScene _scene = new();
    private readonly Suppressor _fast = Of(NmsMode.Fast), _cross = Of(NmsMode.CrossClass), _traditional = Of(NmsMode.Traditional);
    private readonly SelectedCandidate[] _selected = new SelectedCandidate[Most];
    private readonly SelectedCandidate[] _others = new SelectedCandidate[Most];
    private readonly MaskMaker _maker = new(CrowdedScene.Side, MaskResolution.Source);
    private readonly float[] _soft = new float[CrowdedScene.Side * CrowdedScene.Side];
    private readonly float[] _row = new float[CrowdedScene.Side + SoftMask.Slack];
    private readonly ulong[] _words = new ulong[Most * Width * ((Height / 64) + 1)];
    private readonly BinaryMask[] _masks = new BinaryMask[Most];
    private readonly byte[] _text = new byte[1 << 20];

    /// <summary>Leaves detections and masks behind for the benchmarks of single stages.</summary>
    [GlobalSetup]
    public void Prepare()
    {
        int count = FastNms();
        Masks();
        if (count != Most)
            throw new InvalidOperationException($"{count} detections instead of {Most}");
    }

    [Benchmark(Description = "Fast NMS + masks + RLE", Baseline = true)]
    public int Everything()
    {
        FastNms();
        Masks();
        return RunLengths();
    }

    [Benchmark(Description = "Fast NMS")]
    public int FastNms() => _fast.Select(_scene.Candidates, _scene.Probability, 0, _selected);

    [Benchmark(Description = "Fast NMS, scores above 0.15")]
    public int FastNmsAboveThreshold() => _fast.Select(_scene.Candidates, _scene.Probability, 0.15f, _others);

    [Benchmark(Description = "cross-class Fast NMS")]
    public int CrossClassNms() => _cross.Select(_scene.Candidates, _scene.Probability, 0, _others);

    [Benchmark(Description = "traditional NMS")]
    public int TraditionalNms() => _traditional.Select(_scene.Candidates, _scene.Probability, 0, _others);

    [Benchmark(Description = "masks (assemble, crop, 1280 x 720)")]
    public int Masks()
    {
        _maker.Begin(Width, Height, new PixelRect(0, 0, Width, Height), Rotation.None);
        int used = 0;
        for (int i = 0; i < Most; i++)
        {
            int candidate = _selected[i].Candidate;
            PixelRect crop = PixelSpan.Crop(_scene.Candidates.Boxes[candidate], CrowdedScene.Side, CrowdedScene.Side);
            ReadOnlySpan<float> coefficients =
                _scene.Coefficients.AsSpan(candidate * CrowdedScene.Dimensions, CrowdedScene.Dimensions);
            SoftMask.Assemble(_scene.Prototypes, CrowdedScene.Side, CrowdedScene.Side, coefficients, crop, _soft, _row);
            int words = _maker.WordsFor(crop);
            _masks[i] = _maker.Make(_soft, crop, _words.AsMemory(used, words));
            used += words;
        }
        return used;
    }

    [Benchmark(Description = "RLE (COCO, compressed)")]
    public int RunLengths()
    {
        int total = 0;
        foreach (ref BinaryMask mask in _masks.AsSpan())
        {
            RunLengthEncoder.TryEncode(mask, _text, out int bytes);
            total += bytes;
        }
        return total;
    }

    private static Suppressor Of(NmsMode mode) => new(mode, CrowdedScene.Classes, 200, Most, Iou, Floor, InputSize);
}
