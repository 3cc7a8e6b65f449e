using Yolact.Edge.Imaging;
using Yolact.Edge.Model.Graphs;
using Yolact.Edge.Model.Import;
using Yolact.Edge.Model.TensorRt;
using Yolact.Edge.TestSupport;
using Yolact.Edge.Vision.Engines;
using Yolact.Edge.Vision.Preprocessing;

namespace Yolact.Edge.Vision.Tests.Engines;

/// <summary>Graphs that compute in float16 against the same network in float32, on the CPU.</summary>
public sealed class HalfPrecisionTests : IDisposable
{
    // Half precision has 11 bits: what one layer rounds by 2^-12, some twenty layers add up to a few per mille of the largest value.
    private const float ProbabilityTolerance = 0.02f, RelativeTolerance = 0.02f;

    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("yolact-half-");

    public void Dispose() => _folder.Delete(recursive: true);

    [Theory]
    [InlineData(DeformLowering.Native)]
    [InlineData(DeformLowering.Gather)]
    public void Raw_outputs_stay_within_a_tolerance(DeformLowering deform)
    {
        var options = new ImportOptions { Deform = deform };
        ModelFiles whole = Write("fp32", options), half = Write("fp16", options with { Compute = ComputePrecision.Fp16 });
        Assert.True(new FileInfo(half.Main).Length < 0.7 * new FileInfo(whole.Main).Length);
        Assert.Equal(ComputePrecision.Fp16, OnnxMetadata.Read(half.Main).Options.Compute);
        Assert.Empty(GraphChecker.Check(half.Main, ParserTable.Of(deform == DeformLowering.Native ? "10.1" : "8.6")));
        Assert.Empty(GraphChecker.Check(half.Rescore, ParserTable.Of(deform == DeformLowering.Native ? "10.1" : "8.6")));

        using DetectionEngine expected = new(whole.Main, new()), found = new(half.Main, new());
        using EngineSlot a = expected.CreateSlot(), b = found.CreateSlot();
        using Frame frame = SmallModel.Picture(320, 240, seed: 5, new());
        foreach (EngineSlot slot in (EngineSlot[])[a, b])
        {
            new PictureResizer(SmallModel.Config.InputSize).Resize(frame, default, slot.Planes!.Span);
            slot.Run();
        }
        Dictionary<long, int> rows = Rows(b);
        float probability = 0, box = 0, coefficient = 0;
        int classes = SmallModel.Config.ClassesWithBackground, dimensions = SmallModel.Config.Prototypes.Count, shared = 0;
        foreach ((long prior, int row) in Rows(a))
        {
            if (!rows.TryGetValue(prior, out int other))
                continue;
            shared++;
            probability = Math.Max(probability, Difference(a.ClassProbability.Span, b.ClassProbability.Span, row, other, classes));
            box = Math.Max(box, Difference(a.BoxRegression.Span, b.BoxRegression.Span, row, other, 4));
            coefficient = Math.Max(coefficient, Difference(a.MaskCoefficient.Span, b.MaskCoefficient.Span, row, other, dimensions));
        }
        float prototype = Difference(a.Prototype.Span, b.Prototype.Span, 0, 0, a.Prototype.Span.Length) / Largest(a.Prototype.Span);
        float boxes = box / Largest(a.BoxRegression.Span);
        TestContext.Current.TestOutputHelper?.WriteLine(
            $"{deform}: probability {probability}, box {boxes} of the largest, coefficient {coefficient}, prototype {prototype} of the largest, {shared} of {rows.Count} candidates shared");
        Assert.True(shared > 0.9 * rows.Count, $"{shared} of {rows.Count} candidates");
        Assert.InRange(probability, 0, ProbabilityTolerance);
        Assert.InRange(coefficient, 0, ProbabilityTolerance);
        Assert.InRange(boxes, 0, RelativeTolerance);
        Assert.InRange(prototype, 0, RelativeTolerance);
        Assert.True(prototype > 0, "the two must not be the same graph");
    }

    [Fact]
    public void A_whole_frame_runs_with_re_scoring()
    {
        ModelFiles half = Write("fp16", new ImportOptions { Deform = DeformLowering.Gather, Compute = ComputePrecision.Fp16 });
        using Detector detector = Detector.Open(half.Main, new DetectorOptions { ScoreThreshold = 0, FinalThreshold = 0 });
        using Frame frame = SmallModel.Picture(320, 240, seed: 5, new());
        using DetectionList found = detector.Detect(frame);
        Assert.True(found.Count > 10 && detector.Rescores);
        Assert.All(found.Items.ToArray(), one => Assert.True(float.IsFinite(one.Score) && float.IsFinite(one.MaskIou)));
    }

    private ModelFiles Write(string name, ImportOptions options) => SyntheticModel.Write(SmallModel.Config, _folder.FullName, name, options);

    private static Dictionary<long, int> Rows(EngineSlot slot)
    {
        var rows = new Dictionary<long, int>();
        for (int row = 0; row < slot.PriorIndex.Span.Length; row++)
            rows[slot.PriorIndex.Span[row]] = row;
        return rows;
    }

    private static float Difference(ReadOnlySpan<float> a, ReadOnlySpan<float> b, int rowA, int rowB, int columns)
    {
        float most = 0;
        for (int i = 0; i < columns; i++)
            most = Math.Max(most, Math.Abs(a[(rowA * columns) + i] - b[(rowB * columns) + i]));
        return most;
    }

    private static float Largest(ReadOnlySpan<float> values) => Math.Abs(System.Numerics.Tensors.TensorPrimitives.MaxMagnitude(values));
}
