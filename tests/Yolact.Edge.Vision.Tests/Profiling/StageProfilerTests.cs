using System.Runtime.InteropServices;
using Microsoft.ML.OnnxRuntime;
using Microsoft.ML.OnnxRuntime.Tensors;
using Yolact.Edge.Imaging;
using Yolact.Edge.Model.Graphs;
using Yolact.Edge.Model.Quantisation;
using Yolact.Edge.Vision.Profiling;
using Yolact.Edge.Vision.Tests.Calibration;

namespace Yolact.Edge.Vision.Tests.Profiling;

public sealed class StageProfilerTests(QuantisedModel models) : IClassFixture<QuantisedModel>
{
    [Theory]
    [InlineData(null)]
    [InlineData(QuantisationTarget.Cpu)]
    [InlineData(QuantisationTarget.TensorRt)]
    public void Stages_one_after_the_other_compute_what_the_whole_computes(QuantisationTarget? target)
    {
        string model = target is { } one ? models.Of(one).Main : models.Float.Main;
        DirectoryInfo folder = Directory.CreateTempSubdirectory("yolact-stages-test-");
        try
        {
            IReadOnlyList<GraphStage> stages = GraphStages.Write(model, folder.FullName);
            Assert.Equal(["backbone", "pyramid", "prototypes", "heads", "selection"], stages.Select(stage => stage.Name));
            using var whole = new InferenceSession(model);
            var picture = new DenseTensor<float>([.. whole.InputMetadata[ModelOutputs.Image].Dimensions]);
            new Random(3).NextBytes(MemoryMarshal.AsBytes(picture.Buffer.Span));
            for (int i = 0; i < picture.Length; i++)
                picture.Buffer.Span[i] = BitConverter.SingleToUInt32Bits(picture.Buffer.Span[i]) % 256;

            var values = new Dictionary<string, NamedOnnxValue> { [ModelOutputs.Image] = NamedOnnxValue.CreateFromTensor(ModelOutputs.Image, picture) };
            var alive = new List<IDisposable>();
            foreach (GraphStage stage in stages)
            {
                using var session = new InferenceSession(stage.Path);
                IDisposableReadOnlyCollection<DisposableNamedOnnxValue> outputs = session.Run([.. session.InputMetadata.Keys.Select(name => values[name])]);
                alive.Add(outputs);
                foreach (DisposableNamedOnnxValue output in outputs)
                    values[output.Name] = output;
            }
            using IDisposableReadOnlyCollection<DisposableNamedOnnxValue> expected = whole.Run([values[ModelOutputs.Image]]);

            float[] prototype = [.. expected.First(output => output.Name == ModelOutputs.Prototype).AsTensor<float>()];
            float[] cut = [.. values[ModelOutputs.Prototype].AsTensor<float>()];
            // Operators that the runtime joins across a cut round otherwise.
            double allowed = (target is null ? 1e-4 : 0.05) * prototype.Max();
            Assert.InRange(prototype.Zip(cut, (a, b) => Math.Abs(a - b)).Average(), 0, allowed);
            Assert.Equal(
                expected.First(output => output.Name == ModelOutputs.Overflow).AsTensor<float>().ToArray(),
                values[ModelOutputs.Overflow].AsTensor<float>().ToArray(), (a, b) => Math.Abs(a - b) < (target is null ? 1e-4 : 0.05));
            alive.ForEach(one => one.Dispose());
        }
        finally
        {
            folder.Delete(recursive: true);
        }
    }

    [Fact]
    public void Every_stage_of_a_slot_is_run_and_timed()
    {
        using Detector detector = Detector.Open(models.Float.Main);
        using DetectorSlot slot = detector.CreateSlot();
        using Frame frame = SmallModel.Picture(320, 240, 5, new FramePool());
        detector.Prepare(frame, slot);
        using StageProfiler profiler = StageProfiler.Open(models.Float.Main, slot, new());
        var times = new TimeSpan[profiler.Names.Count];

        profiler.Run(times);

        Assert.All(times, time => Assert.True(time > TimeSpan.Zero));
    }

    [Fact]
    public void Finishing_a_frame_tells_where_its_time_went()
    {
        using Detector detector = Detector.Open(models.Float.Main);
        using DetectorSlot slot = detector.CreateSlot();
        using Frame frame = SmallModel.Picture(320, 240, 5, new FramePool());
        detector.Prepare(frame, slot);
        detector.Infer(slot);
        detector.Finish(slot).Dispose();

        FinishTimes times = slot.Times;
        Assert.All([times.Decode, times.Nms, times.Assembly, times.Rescoring, times.Masks], time => Assert.True(time > TimeSpan.Zero));
    }
}
