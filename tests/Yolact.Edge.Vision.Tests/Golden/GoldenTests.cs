using System.Numerics.Tensors;
using System.Security.Cryptography;
using Microsoft.ML.OnnxRuntime;
using Yolact.Edge.Imaging;
using Yolact.Edge.Imaging.Rle;
using Yolact.Edge.Model.Anchors;
using Yolact.Edge.Model.Graphs;
using Yolact.Edge.Vision.Engines;
using Yolact.Edge.Vision.Pictures;
using Yolact.Edge.Vision.Preprocessing;
using Yolact.Edge.Vision.Suppression;

namespace Yolact.Edge.Vision.Tests.Golden;

/// <summary>
/// The whole way from a checkpoint to detections against the reference: every file <c>CONFIG__PICTURE.json.gz</c> of the folder
/// named by
/// <c>YOLACT_EDGE_GOLDEN</c> (else tests/data/golden), with its picture beside it.
/// </summary>
public class GoldenTests
{
    private const float RawTolerance = 1e-3f, ScoreTolerance = 1e-3f, CutTolerance = 1e-4f;
    private const float BoxTolerance = 1;
    private const double LeastMaskIou = 0.99;
    private const string FolderVariable = "YOLACT_EDGE_GOLDEN";

    // Priors this near to the floor may fall on either side of it: float noise on a probability is about 1e-5.
    private const float FloorBand = 2e-5f;

    private static readonly FramePool Pool = new();

    private static string Folder =>
        Environment.GetEnvironmentVariable(FolderVariable) is { Length: > 0 } folder ? folder
            : Path.Combine(AppContext.BaseDirectory, "golden");

    /// <summary>The networks that the folder has data of.</summary>
    public static TheoryData<string> Networks()
    {
        var networks = new TheoryData<string>();
        foreach (string name in Files().Select(file => Path.GetFileName(file).Split("__")[0]).Distinct())
            networks.Add(name);
        return networks;
    }

    [Theory]
    [MemberData(nameof(Networks))]
    public void Raw_outputs_and_detections_equal_the_reference(string network)
    {
        using var model = new GoldenModel(network);
        using EngineSlot slot = model.Engine.CreateSlot();
        var differences = new Differences();
        string prefix = network + "__";
        foreach (string file in Files().Where(file => Path.GetFileName(file).StartsWith(prefix, StringComparison.Ordinal)))
        {
            GoldenFile golden = GoldenFile.Read(file);
            Assert.Equal(network, golden.Config);
            using Frame frame = PictureFile.Read(Path.Combine(Path.GetDirectoryName(file)!, golden.Image), Pool);
            Assert.Equal((golden.ImageSize[0], golden.ImageSize[1]), (frame.Width, frame.Height));
            Assert.Equal(golden.ImageBgrSha256, BgrSha256(frame));
            new PictureResizer(model.Config.InputSize).Resize(frame, default, slot.Planes!.Span);
            slot.Run();

            differences.Begin(Path.GetFileName(file));
            CompareRaw(golden, model, slot, differences);
            float[] best = BestByPrior(model, slot);
            CompareDetections(golden.Detections, NmsMode.Fast, model, slot, frame, best, differences);
            CompareDetections(golden.Cross, NmsMode.CrossClass, model, slot, frame, best, differences);
            CompareDetections(golden.Traditional, NmsMode.Traditional, model, slot, frame, best, differences);
        }
        TestContext.Current.TestOutputHelper?.WriteLine(differences.Summary);
        Assert.True(differences.Failures.IsEmpty, differences.ToString());
    }

    private static string[] Files()
    {
        string[] files = Directory.Exists(Folder) ? Directory.GetFiles(Folder, "*__*.json.gz") : [];
        if (files.Length == 0)
            throw new InvalidOperationException($"No CONFIG__PICTURE.json.gz in {Folder}; set {FolderVariable} to a folder that has some.");
        Array.Sort(files, StringComparer.Ordinal);
        return files;
    }

    private static string BgrSha256(Frame frame)
    {
        var bgr = new byte[frame.Width * frame.Height * 3];
        for (int i = 0; i < frame.Width * frame.Height; i++)
            frame.Pixels.Slice(4 * i, 3).CopyTo(bgr.AsSpan(3 * i));
        return Convert.ToHexStringLower(SHA256.HashData(bgr));
    }

    private static void CompareRaw(GoldenFile golden, GoldenModel model, EngineSlot slot, Differences differences)
    {
        string[] contract =
        [
            ModelOutputs.PriorIndex, ModelOutputs.ClassProbability, ModelOutputs.BoxRegression, ModelOutputs.MaskCoefficient,
            ModelOutputs.Prototype, ModelOutputs.Overflow,
        ];
        InferenceSession session = model.Engine.Session;
        string[] taps = [.. session.OutputNames.Except(contract)];
        using var run = new RunOptions();
        using IDisposableReadOnlyCollection<OrtValue> values = session.Run(run, [ModelOutputs.Image], [slot.Planes!.Value], taps);
        Dictionary<string, OrtValue> byName = taps.Zip(values).ToDictionary(pair => pair.First, pair => pair.Second);
        foreach ((string name, GoldenTensor expected) in golden.Raw)
        {
            if (name == "priors")
            {
                Assert.Equal(expected.Shape, (long[])[model.Engine.Priors.Length / 4, 4]);
                Compare(name, expected, AnchorGrid.Create(model.Config), differences);
                continue;
            }
            // Backbones number their stages in different ways; sizes tell them apart.
            OrtValue? value = name.StartsWith('C')
                ? byName.Where(pair => pair.Key.StartsWith('C')).Select(pair => pair.Value)
                    .SingleOrDefault(v => Shape(v).SequenceEqual(expected.Shape))
                : byName.GetValueOrDefault(name);
            if (value is null || !Shape(value).SequenceEqual(expected.Shape))
                differences.Fail($"{name}: no output of that name and shape [{string.Join(", ", expected.Shape)}]");
            else
                Compare(name, expected, value.GetTensorDataAsSpan<float>(), differences);
        }
    }

    private static long[] Shape(OrtValue value) => value.GetTensorTypeAndShape().Shape;

    private static void Compare(string name, GoldenTensor expected, ReadOnlySpan<float> values, Differences differences)
    {
        for (int i = 0; i < expected.Index.Length; i++)
            differences.Check(name, "value", expected.Value[i], values[expected.Index[i]], RawTolerance);
        double sum = 0, squares = 0;
        foreach (float value in values)
        {
            sum += value;
            squares += (double)value * value;
        }
        double mean = sum / values.Length;
        differences.Check(name, "mean", expected.Mean, mean, RawTolerance);
        differences.Check(name, "std", expected.Std, Math.Sqrt((squares / values.Length) - (mean * mean)), RawTolerance);
        differences.Check(name, "min", expected.Min, TensorPrimitives.Min(values), RawTolerance);
        differences.Check(name, "max", expected.Max, TensorPrimitives.Max(values), RawTolerance);
    }

    private static float[] BestByPrior(GoldenModel model, EngineSlot slot)
    {
        var best = new float[model.Engine.Priors.Length / 4];
        int columns = model.Config.ClassesWithBackground;
        ReadOnlySpan<long> priors = slot.PriorIndex.Span;
        for (int row = 0; row < priors.Length; row++)
            best[priors[row]] = TensorPrimitives.Max<float>(slot.ClassProbability.Span.Slice((row * columns) + 1, columns - 1));
        return best;
    }

    private static void CompareDetections(
        List<GoldenDetection>? expected, NmsMode mode, GoldenModel model, EngineSlot slot, Frame frame, float[] best,
        Differences differences)
    {
        if (expected is null)
            return;
        var options = new DetectorOptions { Nms = mode, ScoreThreshold = 0, FinalThreshold = 0 };
        using var postProcessor = new PostProcessor(model.Engine, model.Rescoring, options);
        using var found = new DetectionList([]);
        postProcessor.Run(slot, frame.Width, frame.Height, default, found);
        Dictionary<(int, int), Detection> byPair = [];
        foreach (Detection detection in found)
            byPair.Add((detection.ClassId, detection.Prior), detection);

        // What the list was cut at: the last score where it is full, and the floor.
        float floor = model.Config.Selection.ScoreFloor;
        bool full = mode != NmsMode.CrossClass && expected.Count >= model.Config.Selection.MaxDetections;
        float cut = full ? expected.Min(d => d.Score) : mode == NmsMode.Fast ? float.NegativeInfinity : floor;
        bool Decided(float score, int prior) => Math.Abs(score - cut) > CutTolerance && Math.Abs(best[prior] - floor) > FloorBand;
        foreach (GoldenDetection golden in expected)
        {
            if (byPair.Remove((golden.Cls, golden.Prior), out Detection detection))
                Compare(mode, golden, detection, differences);
            else if (Decided(golden.Score, golden.Prior))
                differences.Fail($"{mode}: class {golden.Cls} of prior {golden.Prior} (score {golden.Score}) was not found");
        }
        foreach (Detection extra in byPair.Values.Where(d => Decided(d.ClassScore, d.Prior)))
            differences.Fail($"{mode}: class {extra.ClassId} of prior {extra.Prior} ({extra.ClassScore}) is not in the reference");
    }

    private static void Compare(NmsMode mode, GoldenDetection golden, Detection detection, Differences differences)
    {
        string name = $"{mode}";
        differences.Check(name, "score", golden.Score, detection.ClassScore, ScoreTolerance);
        if (golden.Maskiou is { } maskIou)
            differences.Check(name, "mask IoU", maskIou, detection.MaskIou, RawTolerance);
        if (golden.Rescored is { } rescored)
            differences.Check(name, "rescored", rescored, detection.Score, ScoreTolerance);
        float[] box = [detection.Box.X1, detection.Box.Y1, detection.Box.X2, detection.Box.Y2];
        for (int i = 0; i < 4; i++)
        {
            differences.Check(name, "box", golden.Box[i], (int)box[i], BoxTolerance);
            if (golden.BoxFloat is { } exact)
                differences.Check(name, "exact box", exact[i], box[i], BoxTolerance);
        }
        if (golden.Rle is not { } rle)
            return;
        BinaryMask expected = RunLengthDecoder.Decode(rle.Size[1], rle.Size[0], rle.Counts);
        bool empty = expected.Area() == 0 && detection.Mask.Area() == 0;
        double iou = empty ? 1 : MaskMeasures.Iou(expected, detection.Mask);
        differences.Check(name, "1 - IoU of masks", 0, 1 - iou, 1 - LeastMaskIou);
    }
}
