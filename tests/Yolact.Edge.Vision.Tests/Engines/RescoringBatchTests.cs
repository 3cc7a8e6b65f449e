using Yolact.Edge.Model.Graphs;
using Yolact.Edge.Vision.Engines;

namespace Yolact.Edge.Vision.Tests.Engines;

public sealed class RescoringBatchTests(SmallModel model) : IClassFixture<SmallModel>
{
    [Theory]
    [InlineData(8)]
    [InlineData(1)]
    public void A_smaller_batch_finds_the_same(int batch)
    {
        var options = new DetectorOptions { ScoreThreshold = 0, FinalThreshold = 0, MaxDetections = 50 };
        using Detector whole = Detector.Open(model.Files.Main, options);
        var setup = new EngineSetup();
        using Detector small = Detector.Open(model.Files.Main, options, setup with { Limits = setup.Limits with { RescoringBatch = batch } });
        Assert.Equal((RescoringBatch.Default, batch), (whole.RescoringBatch, small.RescoringBatch));

        using Imaging.Frame frame = SmallModel.Picture(320, 240, seed: 3, new());
        using DetectionList expected = whole.Detect(frame), found = small.Detect(frame);
        Assert.True(expected.Count > RescoringBatch.Default, "several batches must be needed");
        Assert.Equal(expected.Count, found.Count);
        for (int i = 0; i < expected.Count; i++)
        {
            Assert.Equal((expected[i].ClassId, expected[i].Prior), (found[i].ClassId, found[i].Prior));
            Assert.Equal(expected[i].MaskIou, found[i].MaskIou, 1e-5f);
        }
    }

    [Fact]
    public void Only_a_re_scoring_graph_has_a_batch()
    {
        Assert.Throws<InvalidDataException>(() => RescoringBatch.Read(model.Files.Main, 4));
        string text = Path.Combine(model.Folder, "text.rescore.onnx");
        File.WriteAllText(text, "hello, I am no model at all");
        Assert.Throws<InvalidDataException>(() => RescoringBatch.Read(text, 4));
    }
}
