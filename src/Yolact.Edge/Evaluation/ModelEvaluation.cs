using Yolact.Edge.Evaluation.Coco;
using Yolact.Edge.Evaluation.Failures;
using Yolact.Edge.Evaluation.Metrics;
using Yolact.Edge.Imaging;
using Yolact.Edge.Vision;
using Yolact.Edge.Vision.Pictures;

namespace Yolact.Edge.Evaluation;

/// <summary>
/// Judges a model on annotated pictures, as the reference does: every detection that NMS leaves counts (100 a picture), without a score
/// threshold. The next picture is read while the network looks at one.
/// </summary>
/// <param name="detector">The model, opened with <see cref="Options"/>.</param>
/// <param name="dataset">The truth.</param>
/// <param name="images">The folder that the data set's file names start from.</param>
internal sealed class ModelEvaluation(Detector detector, CocoDataset dataset, string images)
{
    private readonly FramePool _pool = new();
    private readonly DetectionEvaluation _evaluation = new(dataset, detector.Config.Classes);
    private readonly List<string> _notes = [];

    /// <summary>What a detector is opened with to be judged.</summary>
    public static DetectorOptions Options { get; } = new() { ScoreThreshold = 0, FinalThreshold = 0 };

    /// <summary>What to know about the figures, one sentence each.</summary>
    public IReadOnlyList<string> Notes => _notes;

    /// <summary>Judges all pictures.</summary>
    /// <param name="failures">Told of every picture; null where nobody asks.</param>
    /// <param name="output">Takes every detection; null where nobody asks.</param>
    /// <param name="progress">Told the share done, 0..1.</param>
    /// <param name="cancellationToken">Stops it.</param>
    /// <exception cref="PictureException">A picture is missing or cannot be read.</exception>
    public CocoEvaluation Run(
        WorstFailures? failures, ReferenceResultFiles? output, IProgress<double> progress, CancellationToken cancellationToken)
    {
        if (_evaluation.Missing.Count > 0)
            _notes.Add($"The model does not know {string.Join(", ", _evaluation.Missing)}: objects of these classes count as missed.");
        int done = 0;
        Task<Frame>? next = null;
        try
        {
            foreach ((int index, CocoImage image) in dataset.Images.Index())
            {
                cancellationToken.ThrowIfCancellationRequested();
                using Frame frame = (next ?? ReadAsync(image)).GetAwaiter().GetResult();
                next = index + 1 < dataset.Images.Count ? ReadAsync(dataset.Images[index + 1]) : null;
                using DetectionList detections = detector.Detect(frame);
                if (frame.Width != image.Width || frame.Height != image.Height)
                {
                    _notes.Add($"{image.FileName} has {frame.Width} x {frame.Height} px, its entry {image.Width} x {image.Height} px: "
                        + "no mask in it can match.");
                }
                IReadOnlyList<Candidate> judged = _evaluation.Add(image.Id, detections.Items);
                failures?.Add(image.Id, judged);
                output?.Write(image.Id, detections.Items, _evaluation);
                progress.Report(++done / (double)dataset.Images.Count);
            }
        }
        finally
        {
            if (next is not null)
                GiveBack(next);
        }
        return _evaluation.Finish();
    }

    private Task<Frame> ReadAsync(CocoImage image) => Task.Run(() => PictureFile.Read(Path.Combine(images, image.FileName), _pool));

    private static void GiveBack(Task<Frame> read) =>
        read.ContinueWith(done => done.IsCompletedSuccessfully ? done.Result : null, TaskScheduler.Default).GetAwaiter().GetResult()?.Dispose();
}
