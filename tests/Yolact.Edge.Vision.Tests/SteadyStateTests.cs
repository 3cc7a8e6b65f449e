using Yolact.Edge.Imaging;

namespace Yolact.Edge.Vision.Tests;

public class SteadyStateTests(SmallModel model) : IClassFixture<SmallModel>
{
    private const int Warmup = 5, Frames = 40, MostBytesPerFrame = 256;

    [Fact]
    public void A_frame_allocates_next_to_nothing()
    {
        var pool = new FramePool();
        var options = new DetectorOptions { ScoreThreshold = 0, FinalThreshold = 0, Engine = new() { Threads = 1 } };
        using Detector detector = Detector.Open(model.Files.Main, options);
        using DetectorSlot slot = detector.CreateSlot();
        Frame[] frames = [.. Enumerable.Range(0, 4).Select(i => SmallModel.Picture(320, 240, i, pool))];
        int detections = 0;
        long start = 0;
        for (int i = 0; i < Warmup + Frames; i++)
        {
            if (i == Warmup)
                start = GC.GetAllocatedBytesForCurrentThread();
            detector.Prepare(frames[i % frames.Length], slot);
            detector.Infer(slot);
            using DetectionList found = detector.Finish(slot);
            detections += found.Count;
        }
        long perFrame = (GC.GetAllocatedBytesForCurrentThread() - start) / Frames;
        TestContext.Current.TestOutputHelper?.WriteLine($"{perFrame} bytes a frame, {detections / (Warmup + Frames)} detections");
        Assert.True(detections > 10 * Frames, "the frames must show something");
        Assert.InRange(perFrame, 0, MostBytesPerFrame);
        foreach (Frame frame in frames)
            frame.Dispose();
    }
}
