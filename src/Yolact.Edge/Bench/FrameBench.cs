using System.Security.Cryptography;
using Yolact.Edge.Capture.Cameras;
using Yolact.Edge.Capture.Triggers;
using Yolact.Edge.Imaging;
using Yolact.Edge.Pipeline;
using Yolact.Edge.Vision;
using Yolact.Edge.Vision.Profiling;

namespace Yolact.Edge.Bench;

/// <summary>
/// Measures a whole frame (preprocess, engine, post-process, message) against the bare engine run on the same input, and the graph's stages
/// one by one. All of it alternates within one run, so that a machine that grows slower or faster meanwhile slows or hastens everything.
/// </summary>
public sealed class FrameBench : IAsyncDisposable
{
    private readonly IReadOnlyList<Frame> _frames;
    private readonly BenchOptions _options;
    private readonly Detector _detector;
    private readonly DetectorSlot _slot;
    private readonly StageProfiler? _profiler;
    private readonly BenchRecipe _recipe;
    private readonly List<(string Name, BenchPart Part, Samples Samples)> _rows = [];
    private readonly string _model;
    private readonly double _memory;
    private long _objects;
    private int _turn;

    /// <summary>Loads the network.</summary>
    /// <param name="model">Path of the main graph.</param>
    /// <param name="frames">The pictures, at least one.</param>
    /// <param name="options">What is measured.</param>
    public FrameBench(string model, IReadOnlyList<Frame> frames, BenchOptions options)
    {
        ArgumentNullException.ThrowIfNull(frames);
        ArgumentNullException.ThrowIfNull(options);
        (_model, _frames, _options) = (model, frames, options);
        _detector = Detector.Open(model, ObjectCount.OptionsFor(model, frames[0], options));
        _recipe = BenchRecipe.Unconnected(_detector);
        _slot = _detector.CreateSlot();
        using (DetectionList warm = Detect(frames[0]))
            _memory = Environment.WorkingSet / 1048576.0;
        if (options.Stages)
            _profiler = StageProfiler.Open(model, _slot, options.Engine);
    }

    /// <summary>Runs the measurement.</summary>
    /// <param name="progress">Told the share done, 0..1.</param>
    /// <param name="cancellation">Stops.</param>
    public BenchReport Run(IProgress<double> progress, CancellationToken cancellation)
    {
        ArgumentNullException.ThrowIfNull(progress);
        for (int i = 0; i < _options.WarmUp; i++)
            Turn(cancellation);
        foreach ((_, _, Samples samples) in _rows)
            samples.Clear();
        _objects = 0;
        for (int i = 0; i < _options.Frames; i++)
        {
            Turn(cancellation);
            progress.Report((i + 1.0) / _options.Frames);
        }
        using FileStream file = File.OpenRead(_model);
        return new BenchReport
        {
            Network = _detector.Config.Name,
            ModelSha256 = Convert.ToHexStringLower(SHA256.HashData(file)),
            Numbers = _detector.Metadata.Quantisation is null ? "float" : "int8",
            Provider = _detector.Choice.Provider.ToString(),
            InputSize = _detector.Config.InputSize,
            Width = _frames[0].Width,
            Height = _frames[0].Height,
            Pictures = _frames.Count,
            Objects = Math.Round((double)_objects / _options.Frames, 1),
            Frames = _options.Frames,
            Measured = DateTimeOffset.UtcNow,
            Machine = MachineState.Read(),
            Rows = [.. _rows.Where(row => row.Samples.Count > 0).Select(row => BenchRow.Of(row.Name, row.Part, row.Samples))],
            AllocatedBytes = AllocatedPerFrame(),
            MemoryMiB = _memory,
        };
    }

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        _profiler?.Dispose();
        _slot.Dispose();
        await _recipe.DisposeAsync();
    }

    // A whole frame, the bare engine, the stages.
    private void Turn(CancellationToken cancellation)
    {
        cancellation.ThrowIfCancellationRequested();
        Frame frame = _frames[_turn++ % _frames.Count];
        Row(BenchRow.WholeFrame, BenchPart.Total).Measure(() =>
        {
            Row("preprocess", BenchPart.Frame).Measure(() => _detector.Prepare(frame, _slot));
            Row(BenchRow.Engine, BenchPart.Total).Measure(() => _detector.Infer(_slot));
            DetectionList? finished = null;
            Row(BenchRow.PostProcess, BenchPart.Total).Measure(() => finished = _detector.Finish(_slot));
            using DetectionList detections = finished!;
            _objects += detections.Count;
            FinishTimes times = _slot.Times;
            Row("decode", BenchPart.Frame).Add(times.Decode);
            Row("NMS", BenchPart.Frame).Add(times.Nms);
            Row("mask assembly", BenchPart.Frame).Add(times.Assembly);
            if (_detector.Rescores)
                Row(BenchRow.Rescoring, BenchPart.Frame).Add(times.Rescoring);
            Row("masks at picture size", BenchPart.Frame).Add(times.Masks);
            Row("publish", BenchPart.Frame).Measure(() =>
                BenchRecipe.Publish(new FrameResult(new CapturedFrame(new CameraFrame(frame)), detections, default, _recipe.Recipe)));
        });
        Row(BenchRow.BareEngine, BenchPart.Total).Measure(() => _detector.Infer(_slot));
        if (_profiler is null)
            return;
        var stages = new TimeSpan[_profiler.Names.Count];
        _profiler.Run(stages);
        foreach ((int i, string name) in _profiler.Names.Index())
            Row(name, BenchPart.Graph).Add(stages[i]);
        Row(BenchRow.StageSum, BenchPart.Total).Add(stages.Aggregate((sum, stage) => sum + stage));
    }

    private Samples Row(string name, BenchPart part)
    {
        foreach ((string known, _, Samples samples) in _rows)
        {
            if (known == name)
                return samples;
        }
        var added = new Samples();
        _rows.Add((name, part, added));
        return added;
    }

    private DetectionList Detect(Frame frame)
    {
        _detector.Prepare(frame, _slot);
        _detector.Infer(_slot);
        return _detector.Finish(_slot);
    }

    // Measuring itself allocates; so this is a run of its own without it.
    private double AllocatedPerFrame()
    {
        const int Frames = 4;
        long before = GC.GetAllocatedBytesForCurrentThread();
        for (int i = 0; i < Frames; i++)
            Detect(_frames[i % _frames.Count]).Dispose();
        return (GC.GetAllocatedBytesForCurrentThread() - before) / (double)Frames;
    }
}
