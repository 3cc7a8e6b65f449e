using Yolact.Edge.Imaging;
using Yolact.Edge.Vision;

namespace Yolact.Edge.Bench;

/// <summary>
/// Measures a whole frame (preprocess, engine, post-process) against the bare engine run on the same input. The two alternate within one
/// run, so that a machine that grows slower or faster meanwhile slows or hastens both.
/// </summary>
public static class FrameBench
{
    /// <summary>Runs the measurement.</summary>
    /// <param name="model">Path of the main graph.</param>
    /// <param name="frame">The picture.</param>
    /// <param name="options">What is measured.</param>
    /// <param name="progress">Told the share done, 0..1.</param>
    /// <param name="cancellation">Stops.</param>
    public static BenchReport Run(string model, Frame frame, BenchOptions options, IProgress<double> progress, CancellationToken cancellation)
    {
        ArgumentNullException.ThrowIfNull(frame);
        ArgumentNullException.ThrowIfNull(options);
        ArgumentNullException.ThrowIfNull(progress);
        DetectorOptions detection = ThresholdFor(model, frame, options);
        using Detector detector = Detector.Open(model, detection);
        using DetectorSlot slot = detector.CreateSlot();
        Samples whole = new(), preprocess = new(), engine = new(), postprocess = new(), bare = new();
        int objects = 0;

        void RunFrame(Samples total, Samples before, Samples run, Samples after) => total.Measure(() =>
        {
            before.Measure(() => detector.Prepare(frame, slot));
            run.Measure(() => detector.Infer(slot));
            after.Measure(() =>
            {
                using DetectionList detections = detector.Finish(slot);
                objects = detections.Count;
            });
        });

        Samples ignored = new();
        for (int i = 0; i < options.WarmUp; i++)
        {
            cancellation.ThrowIfCancellationRequested();
            RunFrame(ignored, ignored, ignored, ignored);
            detector.Infer(slot);
        }
        for (int i = 0; i < options.Frames; i++)
        {
            cancellation.ThrowIfCancellationRequested();
            RunFrame(whole, preprocess, engine, postprocess);
            bare.Measure(() => detector.Infer(slot));
            progress.Report((i + 1.0) / options.Frames);
        }
        return new BenchReport(
            detector.Config.Name, frame.Width, frame.Height, objects, whole.Count,
            [
                BenchRow.Of("preprocess", preprocess),
                BenchRow.Of("engine", engine),
                BenchRow.Of("post-process", postprocess),
                BenchRow.Of("whole frame", whole),
                BenchRow.Of("bare engine run", bare),
            ],
            whole.Median / bare.Median, AllocatedPerFrame(detector, slot, frame), Environment.WorkingSet / 1048576.0, Machine.Describe());
    }

    // Measuring itself allocates; so this is a run of its own without it.
    private static double AllocatedPerFrame(Detector detector, DetectorSlot slot, Frame frame)
    {
        const int Frames = 4;
        long before = GC.GetAllocatedBytesForCurrentThread();
        for (int i = 0; i < Frames; i++)
        {
            detector.Prepare(frame, slot);
            detector.Infer(slot);
            detector.Finish(slot).Dispose();
        }
        return (GC.GetAllocatedBytesForCurrentThread() - before) / (double)Frames;
    }

    // The cut that leaves just the wanted number of objects, so that runs on different pictures and machines do the same work.
    private static DetectorOptions ThresholdFor(string model, Frame frame, BenchOptions options)
    {
        DetectorOptions usual = new() { Engine = options.Engine, Nms = options.Nms, Rescore = options.Rescore };
        if (options.Objects is not { } wanted)
            return usual;
        using Detector all = Detector.Open(model, usual with { ScoreThreshold = 0, FinalThreshold = 0, Rescore = false });
        using DetectionList detections = all.Detect(frame);
        if (detections.Count == 0)
            throw new InvalidDataException("The network finds nothing at all in this picture: choose another, or leave --objects out.");
        float[] scores = [.. detections.Items.ToArray().Select(detection => detection.ClassScore).OrderDescending()];
        float cut = wanted < scores.Length ? (scores[wanted - 1] + scores[wanted]) / 2 : 0;
        return usual with { ScoreThreshold = cut, FinalThreshold = 0 };
    }
}
