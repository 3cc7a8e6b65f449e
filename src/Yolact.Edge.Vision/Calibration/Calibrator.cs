using Microsoft.ML.OnnxRuntime;
using Yolact.Edge.Imaging;
using Yolact.Edge.Model.Graphs;
using Yolact.Edge.Model.Quantisation;
using Yolact.Edge.Vision.Engines;
using Yolact.Edge.Vision.Pictures;
using Yolact.Edge.Vision.Preprocessing;

namespace Yolact.Edge.Vision.Calibration;

/// <summary>
/// Runs a float network on pictures, on the CPU, and gathers what values its inner values take: what static quantisation chooses its scales by.
/// </summary>
public static class Calibrator
{
    /// <summary>Gathers.</summary>
    /// <param name="quantiser">The network and the values in question.</param>
    /// <param name="pictures">Picture files, at least one: of the kind that the network will see.</param>
    /// <param name="progress">Told the share done, 0..1.</param>
    /// <param name="cancellation">Stops.</param>
    /// <returns>By group, one histogram or one a channel.</returns>
    /// <exception cref="PictureException">A picture cannot be read.</exception>
    /// <exception cref="IOException">No room for the calibration graph in the folder of temporary files.</exception>
    public static IReadOnlyDictionary<string, IReadOnlyList<ValueHistogram>> Run(
        ModelQuantiser quantiser, IReadOnlyList<string> pictures, IProgress<double> progress, CancellationToken cancellation)
    {
        ArgumentNullException.ThrowIfNull(quantiser);
        ArgumentNullException.ThrowIfNull(pictures);
        ArgumentNullException.ThrowIfNull(progress);
        ArgumentOutOfRangeException.ThrowIfZero(pictures.Count);
        DirectoryInfo folder = Directory.CreateTempSubdirectory("yolact-calibrate-");
        try
        {
            string graph = Path.Combine(folder.FullName, "calibrate.onnx");
            quantiser.WriteCalibrationGraph(graph);
            using var options = new SessionOptions { LogSeverityLevel = OrtLoggingLevel.ORT_LOGGING_LEVEL_ERROR };
            using var session = new InferenceSession(graph, options);
            return Gather(quantiser, session, pictures, progress, cancellation);
        }
        finally
        {
            folder.Delete(recursive: true);
        }
    }

    private static Dictionary<string, IReadOnlyList<ValueHistogram>> Gather(
        ModelQuantiser quantiser, InferenceSession session, IReadOnlyList<string> pictures, IProgress<double> progress, CancellationToken cancellation)
    {
        Dictionary<string, IReadOnlyList<ValueHistogram>> seen = quantiser.Values.DistinctBy(value => value.Group)
            .ToDictionary(value => value.Group, value => (IReadOnlyList<ValueHistogram>)[.. Enumerable.Range(0, value.Channels).Select(_ => new ValueHistogram())]);
        // Values of one group share their histograms, so a group stays on one thread.
        IGrouping<string, (CalibratedValue Value, int Output)>[] groups = [.. quantiser.Values.Index().Select(value => (value.Item, value.Index)).GroupBy(value => value.Item.Group)];
        string[] outputs = [.. quantiser.Values.Select(value => value.Name)];
        var pool = new FramePool();
        int side = quantiser.Metadata.Config.InputSize;
        var resizer = new PictureResizer(side);
        using TensorBuffer<float>? planes = quantiser.Metadata.Options.Input == InputForm.Float ? new([1, 3, side, side]) : null;
        using TensorBuffer<byte>? pixels = planes is null ? new([1, side, side, 3]) : null;
        using var run = new RunOptions();
        foreach ((int i, string path) in pictures.Index())
        {
            cancellation.ThrowIfCancellationRequested();
            using (Frame frame = PictureFile.Read(path, pool))
            {
                if (planes is not null)
                    resizer.Resize(frame, default, planes.Span);
                else
                    resizer.Resize(frame, default, pixels!.Span);
            }
            using IDisposableReadOnlyCollection<OrtValue> values = session.Run(run, [ModelOutputs.Image], [planes?.Value ?? pixels!.Value], outputs);
            Parallel.ForEach(groups, group =>
            {
                foreach ((CalibratedValue value, int output) in group)
                    Add(seen[group.Key], values[output].GetTensorDataAsSpan<float>());
            });
            progress.Report((i + 1.0) / pictures.Count);
        }
        return seen;
    }

    private static void Add(IReadOnlyList<ValueHistogram> histograms, ReadOnlySpan<float> values)
    {
        int size = values.Length / histograms.Count;
        for (int channel = 0; channel < histograms.Count; channel++)
            histograms[channel].Add(values.Slice(channel * size, size));
    }
}
