using System.Diagnostics;
using Yolact.Edge.Capture.Cameras;
using Yolact.Edge.Capture.Triggers;
using Yolact.Edge.Configuration;
using Yolact.Edge.Imaging;
using Yolact.Edge.Pipeline;
using Yolact.Edge.Vision;

namespace Yolact.Edge.Bench;

/// <summary>
/// Runs what the appliance runs between camera and broker: the pipeline with its overlapping stages, rules (none), message and MQTT session to
/// the embedded broker. Frames lie in memory, and one is offered whenever one is finished, as by a camera that is always faster.
/// </summary>
public sealed class WorkerBench : IAsyncDisposable
{
    // Frames that fill the pipeline before a round is measured.
    private const int Filling = 4;

    private readonly IReadOnlyList<Frame> _frames;
    private readonly BenchOptions _options;
    private readonly Detector _detector;
    private readonly DetectorSlot _bare;
    private readonly BenchRecipe _recipe;
    private readonly SemaphoreSlim _done = new(0);
    private Exception? _failure;
    private long _objects, _finished, _rescoring;
    private int _offered;
    private volatile FramePipeline? _pipeline;

    private WorkerBench(IReadOnlyList<Frame> frames, BenchOptions options, Detector detector, BenchRecipe recipe)
    {
        (_frames, _options, _detector, _recipe) = (frames, options, detector, recipe);
        _bare = detector.CreateSlot();
        detector.Prepare(frames[0], _bare);
    }

    /// <summary>Loads the network and starts the broker.</summary>
    /// <param name="model">Path of the main graph.</param>
    /// <param name="frames">The pictures, at least one.</param>
    /// <param name="options">What is measured.</param>
    public static async Task<WorkerBench> StartAsync(string model, IReadOnlyList<Frame> frames, BenchOptions options)
    {
        ArgumentNullException.ThrowIfNull(frames);
        ArgumentNullException.ThrowIfNull(options);
        Detector detector = Detector.Open(model, ObjectCount.OptionsFor(model, frames[0], options));
        try
        {
            return new WorkerBench(frames, options, detector, await BenchRecipe.ConnectedAsync(detector));
        }
        catch
        {
            detector.Dispose();
            throw;
        }
    }

    /// <summary>Runs the measurement.</summary>
    /// <param name="progress">Told the share done, 0..1.</param>
    /// <param name="cancellation">Stops.</param>
    public WorkerReport Run(IProgress<double> progress, CancellationToken cancellation)
    {
        ArgumentNullException.ThrowIfNull(progress);
        int rounds = Math.Clamp(_options.Frames / 5, 1, 8), frames = Math.Max(1, _options.Frames / rounds);
        for (int i = 0; i < _options.WarmUp; i++)
            _detector.Infer(_bare);
        List<Round> engine = [Engine(frames, cancellation)], worker = [];
        (_objects, _finished, _rescoring) = (0, 0, 0);
        for (int i = 0; i < rounds; i++)
        {
            worker.Add(Worker(frames, cancellation));
            engine.Add(Engine(frames, cancellation));
            progress.Report((i + 1.0) / rounds);
        }
        double[] ratios = [.. worker.Select((round, i) => 2 * round.Fps / (engine[i].Fps + engine[i + 1].Fps))];
        return new(rounds, frames, Median(worker.Select(round => round.Fps)), Median(engine.Select(round => round.Fps)), Median(ratios),
            Median(worker.Select(round => round.CpuMs)), Median(engine.Select(round => round.CpuMs)),
            Stopwatch.GetElapsedTime(0, _rescoring).TotalMilliseconds / _finished, Math.Round((double)_objects / _finished, 1), _recipe.Published);
    }

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        _bare.Dispose();
        await _recipe.DisposeAsync();
        _done.Dispose();
    }

    private Round Engine(int frames, CancellationToken cancellation)
    {
        var watch = Watch.Start();
        for (int i = 0; i < frames; i++)
        {
            cancellation.ThrowIfCancellationRequested();
            _detector.Infer(_bare);
        }
        return watch.Stop(frames);
    }

    private Round Worker(int frames, CancellationToken cancellation)
    {
        ModelOptions model = new();
        Round round;
        using (var pipeline = new FramePipeline(model.Slots, model.Queue, TimeProvider.System, OnFinished, OnFailed))
        {
            try
            {
                _pipeline = pipeline;
                // One frame for each place; from then on each that is finished makes room for the next.
                for (int i = 0; i < model.Slots; i++)
                {
                    Offer(pipeline);
                    SpinWait.SpinUntil(() => pipeline.Waiting == 0);
                }
                Wait(Filling, cancellation);
                var watch = Watch.Start();
                Wait(frames, cancellation);
                round = watch.Stop(frames);
            }
            finally
            {
                _pipeline = null;
            }
        }
        while (_done.Wait(0, CancellationToken.None))
        {
            // Frames behind the last one that was measured.
        }
        return round;
    }

    private void Offer(FramePipeline pipeline)
    {
        _recipe.Recipe.Use();
        pipeline.Offer(new CapturedFrame(new CameraFrame(_frames[(Interlocked.Increment(ref _offered) & int.MaxValue) % _frames.Count].AddReference())), _recipe.Recipe);
    }

    private void Wait(int frames, CancellationToken cancellation)
    {
        for (int i = 0; i < frames; i++)
            _done.Wait(cancellation);
        if (_failure is { } failure)
            throw new InvalidDataException($"A frame could not be processed: {failure.Message}", failure);
    }

    private void OnFinished(FrameResult result)
    {
        BenchRecipe.Publish(result);
        _objects += result.Detections.Count;
        _finished++;
        _rescoring += (long)(result.Finish.Rescoring.TotalSeconds * Stopwatch.Frequency);
        if (_pipeline is { } pipeline)
            Offer(pipeline);
        _done.Release();
    }

    private void OnFailed(CapturedFrame captured, Exception error)
    {
        _failure = error;
        _done.Release();
    }

    private static double Median(IEnumerable<double> values)
    {
        double[] sorted = [.. values.Order()];
        return (sorted[(sorted.Length - 1) / 2] + sorted[sorted.Length / 2]) / 2;
    }

    /// <summary>One round.</summary>
    private readonly record struct Round(double Fps, double CpuMs);

    private readonly record struct Watch(long Started, TimeSpan Cpu)
    {
        public static Watch Start() => new(Stopwatch.GetTimestamp(), Environment.CpuUsage.TotalTime);

        public Round Stop(int frames) =>
            new(frames / Stopwatch.GetElapsedTime(Started).TotalSeconds, (Environment.CpuUsage.TotalTime - Cpu).TotalMilliseconds / frames);
    }
}
