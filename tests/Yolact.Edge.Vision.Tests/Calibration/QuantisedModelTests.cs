using Microsoft.ML.OnnxRuntime;
using Microsoft.ML.OnnxRuntime.Tensors;
using Yolact.Edge.Imaging;
using Yolact.Edge.Model.Graphs;
using Yolact.Edge.Model.Quantisation;
using Yolact.Edge.Vision.Calibration;
using Yolact.Edge.Vision.Pictures;
using Yolact.Edge.Vision.Preprocessing;

namespace Yolact.Edge.Vision.Tests.Calibration;

public sealed class QuantisedModelTests(QuantisedModel models) : IClassFixture<QuantisedModel>
{
    [Theory]
    [InlineData(QuantisationTarget.Cpu)]
    [InlineData(QuantisationTarget.TensorRt)]
    public void It_computes_nearly_what_the_float_model_computes(QuantisationTarget target)
    {
        using var exact = new InferenceSession(models.Float.Main);
        using var quantised = new InferenceSession(models.Of(target).Main);
        DenseTensor<float> picture = Input(exact);

        (float[] prototype, float[] probability) = Run(exact, picture);
        (float[] prototype8, float[] probability8) = Run(quantised, picture);

        Assert.InRange(Error(prototype, prototype8), 1e-6, 0.15);
        Assert.InRange(Error(probability, probability8), 1e-6, 0.25);
    }

    [Theory]
    [InlineData(QuantisationTarget.Cpu)]
    [InlineData(QuantisationTarget.TensorRt)]
    public void A_detector_opens_it_by_its_path_like_any_other_and_finds_much_the_same(QuantisationTarget target)
    {
        using Detector exact = Detector.Open(models.Float.Main), quantised = Detector.Open(models.Of(target).Main);
        Assert.True(quantised.Rescores);
        Assert.Equal(target, quantised.Metadata.Quantisation!.Target);
        int found = 0, again = 0;
        foreach (string path in models.Pictures)
        {
            using Frame frame = PictureFile.Read(path, new FramePool());
            using DetectionList expected = exact.Detect(frame), actual = quantised.Detect(frame);
            Detection[] others = actual.Items.ToArray();
            foreach (Detection detection in expected.Items.ToArray().Take(10))
            {
                found++;
                again += others.Any(other => other.ClassId == detection.ClassId && Overlap(other.Box, detection.Box) > 0.6) ? 1 : 0;
            }
        }
        Assert.InRange(found, 10, int.MaxValue);
        Assert.InRange(again / (double)found, 0.7, 1);
    }

    [Fact]
    public void Its_file_is_a_good_deal_smaller() =>
        Assert.InRange(new FileInfo(models.Cpu.Main).Length / (double)new FileInfo(models.Float.Main).Length, 0, 0.75);

    [Fact]
    public void What_is_quantised_is_not_quantised_again()
    {
        InvalidDataException error = Assert.Throws<InvalidDataException>(() => ModelQuantiser.Open(models.Cpu, new()));
        Assert.Contains("quantised already", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_prefix_that_no_node_has_is_an_error()
    {
        InvalidDataException error = Assert.Throws<InvalidDataException>(() => ModelQuantiser.Open(models.Float, new() { Keep = ["proto_nets"] }));
        Assert.Contains("'proto_nets'", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_picture_that_cannot_be_read_ends_calibration_and_names_it()
    {
        string path = Path.Combine(models.Folder, "broken.png");
        File.WriteAllText(path, "no picture");
        ModelQuantiser quantiser = ModelQuantiser.Open(models.Float, new());

        PictureException error = Assert.Throws<PictureException>(() => Calibrator.Run(quantiser, [models.Pictures[0], path], new QuantisedModel.Silent(), TestContext.Current.CancellationToken));
        Assert.Contains("broken.png", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Calibration_sees_what_the_network_computes()
    {
        ModelQuantiser quantiser = ModelQuantiser.Open(models.Float, new());
        IReadOnlyDictionary<string, IReadOnlyList<ValueHistogram>> seen = Calibrator.Run(quantiser, [models.Pictures[0]], new QuantisedModel.Silent(), TestContext.Current.CancellationToken);

        Assert.Equal(quantiser.Values.Select(value => value.Group).Distinct().Order(), seen.Keys.Order());
        // ReLU's results: nothing below 0, and something above.
        ValueHistogram stem = Assert.Single(seen["backbone.relu"]);
        Assert.Equal((0, true), (stem.Min, stem.Max > 0));
        // Half of 256 px, eight channels, one picture.
        Assert.Equal(8 * 128 * 128, stem.Count);
        // The heads' shared convolution: one histogram a channel over all levels.
        CalibratedValue head = quantiser.Values.First(value => value.Name.StartsWith("prediction_layers.0.P3", StringComparison.Ordinal));
        Assert.Equal(head.Channels, seen[head.Group].Count);
        Assert.Equal(5, quantiser.Values.Count(value => value.Group == head.Group));
    }

    [Fact]
    public void Stopping_leaves_nothing_behind()
    {
        ModelQuantiser quantiser = ModelQuantiser.Open(models.Float, new());
        Assert.Throws<OperationCanceledException>(() => Calibrator.Run(quantiser, models.Pictures, new QuantisedModel.Silent(), new CancellationToken(canceled: true)));
    }

    private DenseTensor<float> Input(InferenceSession session)
    {
        var picture = new DenseTensor<float>([.. session.InputMetadata[ModelOutputs.Image].Dimensions]);
        int side = picture.Dimensions[2];
        using Frame frame = PictureFile.Read(models.Pictures[1], new FramePool());
        new PictureResizer(side).Resize(frame, default, picture.Buffer.Span);
        return picture;
    }

    // The candidates of a quantised network may come in another order: probabilities are laid out by prior.
    private static (float[] Prototype, float[] Probability) Run(InferenceSession session, DenseTensor<float> picture)
    {
        using IDisposableReadOnlyCollection<DisposableNamedOnnxValue> outputs = session.Run([NamedOnnxValue.CreateFromTensor(ModelOutputs.Image, picture)]);
        float[] Floats(string name) => [.. outputs.First(output => output.Name == name).AsTensor<float>()];
        long[] priors = [.. outputs.First(output => output.Name == ModelOutputs.PriorIndex).AsTensor<long>()];
        float[] rows = Floats(ModelOutputs.ClassProbability);
        int classes = rows.Length / priors.Length;
        var probability = new float[(priors.Max() + 1) * classes];
        for (int i = 0; i < priors.Length; i++)
            rows.AsSpan(i * classes, classes).CopyTo(probability.AsSpan((int)priors[i] * classes));
        return (Floats(ModelOutputs.Prototype), probability);
    }

    // Root mean square of the difference over that of the exact values.
    private static double Error(float[] exact, float[] other) => Math.Sqrt(
        exact.Zip(other, (a, b) => ((double)a - b) * (a - b)).Sum() / exact.Sum(value => (double)value * value));

    private static double Overlap(Box a, Box b)
    {
        double width = Math.Min(a.X2, b.X2) - Math.Max(a.X1, b.X1), height = Math.Min(a.Y2, b.Y2) - Math.Max(a.Y1, b.Y1);
        double both = Math.Max(width, 0) * Math.Max(height, 0);
        return both / (((a.X2 - a.X1) * (a.Y2 - a.Y1)) + ((b.X2 - b.X1) * (b.Y2 - b.Y1)) - both);
    }
}
