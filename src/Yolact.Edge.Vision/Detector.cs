using System.Collections.Concurrent;
using System.Runtime.CompilerServices;
using Yolact.Edge.Imaging;
using Yolact.Edge.Model.Configs;
using Yolact.Edge.Model.Import;
using Yolact.Edge.Vision.Engines;
using Yolact.Edge.Vision.Engines.Memory;
using Yolact.Edge.Vision.Engines.Providers;
using Yolact.Edge.Vision.Preprocessing;
using Yolact.Edge.Vision.Rescoring;

namespace Yolact.Edge.Vision;

/// <summary>
/// Frame in, detections out. <see cref="Detect"/> does all of it; a pipeline that overlaps frames takes a slot for each frame in
/// flight and calls <see cref="Prepare"/>, <see cref="Infer"/> and <see cref="Finish"/>. In steady state no stage allocates
/// managed memory worth speaking of. Safe for use from several threads as long as each slot is in one stage at a time.
/// </summary>
public sealed class Detector : IDisposable
{
    private readonly DetectorOptions _options;
    private readonly DetectionEngine _engine;
    private readonly RescoringEngine? _rescoring;
    private readonly StrongBox<int> _sharers;
    private readonly ConcurrentBag<DetectionList> _lists = [];
    private readonly Lock _gate = new();
    private DetectorSlot? _own;

    private Detector(DetectorOptions options, DetectionEngine engine, RescoringEngine? rescoring, ExecutionProvider provider, StrongBox<int> sharers) =>
        (_options, _engine, _rescoring, Choice, _sharers) = (options, engine, rescoring, new ProviderChoice(provider, []), sharers);

    /// <summary>The network.</summary>
    public YolactConfig Config => _engine.Config;

    /// <summary>What the model file says of itself.</summary>
    public ModelMetadata Metadata => _engine.Metadata;

    /// <summary>True where detections carry a predicted mask IoU.</summary>
    public bool Rescores => _options.Rescore && _rescoring is not null;

    /// <summary>What runs the network, and why not something better.</summary>
    public ProviderChoice Choice { get; private set; }

    /// <summary>Masks that are re-scored in one run; 0 without re-scoring.</summary>
    public int RescoringBatch => _rescoring?.Batch ?? 0;

    /// <summary>
    /// Loads a model on the best provider that works here. A TensorRT engine is built for this process alone, which takes minutes: the appliance
    /// and its commands go through a cache.
    /// </summary>
    /// <param name="model">Path of the main graph; the re-scoring graph lies beside it.</param>
    /// <param name="options">Null for defaults.</param>
    /// <exception cref="ModelException">A file is missing or cannot be used.</exception>
    /// <exception cref="EngineException">No provider works, or the one that was asked for does not.</exception>
    /// <exception cref="ArgumentException">The options are invalid; lists everything that is wrong.</exception>
    public static Detector Open(string model, DetectorOptions? options = null)
    {
        options ??= new();
        Validate(options);
        EngineOptions engine = options.Engine;
        EngineLimits limits = new MemoryBudget(engine.MemoryBudgetMib).Limits(workspaceMib: engine.Tensorrt.WorkspaceMib);
        (Detector detector, ProviderChoice choice) = ProviderChoice.Choose(engine.Provider, NativeRuntime.Providers(engine.NativeLibraryPath), provider =>
        {
            Detector opened = Open(model, options, new EngineSetup { Provider = provider, Limits = limits });
            try
            {
                if (provider != ExecutionProvider.Cpu)
                    opened.WarmUp();
                return opened;
            }
            catch
            {
                opened.Dispose();
                throw;
            }
        });
        detector.Choice = choice;
        return detector;
    }

    /// <summary>Loads a model in one given way.</summary>
    /// <param name="model">Path of the main graph; the re-scoring graph lies beside it.</param>
    /// <param name="options">What is detected.</param>
    /// <param name="setup">What runs it.</param>
    /// <exception cref="ModelException">A file is missing or cannot be used.</exception>
    /// <exception cref="EngineException">The provider does not work.</exception>
    /// <exception cref="ArgumentException">The options are invalid; lists everything that is wrong.</exception>
    public static Detector Open(string model, DetectorOptions options, EngineSetup setup)
    {
        ArgumentException.ThrowIfNullOrEmpty(model);
        ArgumentNullException.ThrowIfNull(options);
        ArgumentNullException.ThrowIfNull(setup);
        Validate(options);
        var engine = new DetectionEngine(model, options.Engine, setup);
        try
        {
            RescoringEngine? rescoring = options.Rescore && engine.Config.MaskRescoring is not null
                ? new RescoringEngine(new ModelFiles(model).Rescore, options.Engine, engine, setup)
                : null;
            return new Detector(options, engine, rescoring, setup.Provider, new StrongBox<int>(1));
        }
        catch
        {
            engine.Dispose();
            throw;
        }
    }

    /// <summary>Another detector over the same engines, which live until the last detector is disposed: other thresholds need no second network.</summary>
    /// <param name="options">Of the same engine options.</param>
    /// <returns>The detector; null where the options need an engine that is not loaded.</returns>
    /// <exception cref="ArgumentException">The options are invalid; lists everything that is wrong.</exception>
    public Detector? Share(DetectorOptions options)
    {
        ArgumentNullException.ThrowIfNull(options);
        Validate(options);
        if (options.Engine != _options.Engine || (options.Rescore && _rescoring is null && Config.MaskRescoring is not null))
            return null;
        Interlocked.Increment(ref _sharers.Value);
        return new Detector(options, _engine, _rescoring, Choice.Provider, _sharers) { Choice = Choice };
    }

    /// <summary>Memory for one more frame in flight; to be disposed before the detector.</summary>
    public DetectorSlot CreateSlot() =>
        new(this, _engine.CreateSlot(), new PictureResizer(Config.InputSize), new PostProcessor(_engine, _options.Rescore ? _rescoring : null, _options));

    /// <summary>First stage: resizes the picture into the engine's input. The frame is not needed afterwards.</summary>
    /// <param name="frame">The picture.</param>
    /// <param name="slot">Where to.</param>
    /// <param name="view">What the network shall see of it.</param>
    /// <exception cref="ArgumentException">The view leaves the picture.</exception>
    public void Prepare(Frame frame, DetectorSlot slot, PictureView view = default)
    {
        Fill(frame, slot, view);
        (slot.Width, slot.Height, slot.View) = (frame.Width, frame.Height, view);
    }

    /// <summary>First stage for a camera that cuts out, turns and scales by itself: the picture shows the view and nothing else.</summary>
    /// <param name="seen">What the network shall see; any size, at best the network's.</param>
    /// <param name="slot">Where to.</param>
    /// <param name="width">Columns of the picture that it was taken from and that results are reported in, in px.</param>
    /// <param name="height">Rows of that picture, in px.</param>
    /// <param name="view">What part of that picture it shows, and how turned.</param>
    /// <exception cref="ArgumentException">The view leaves the picture.</exception>
    public void PrepareSeen(Frame seen, DetectorSlot slot, int width, int height, PictureView view = default)
    {
        view.RegionOf(width, height);
        Fill(seen, slot, default);
        (slot.Width, slot.Height, slot.View) = (width, height, view);
    }

    /// <summary>Second stage: runs the network.</summary>
    /// <param name="slot">A prepared slot.</param>
    public void Infer(DetectorSlot slot)
    {
        CheckOwner(slot);
        slot.Engine.Run();
    }

    /// <summary>Third stage: boxes, NMS, masks and re-scoring.</summary>
    /// <param name="slot">A slot whose network has run.</param>
    /// <returns>The detections; to be disposed by the caller.</returns>
    public DetectionList Finish(DetectorSlot slot)
    {
        CheckOwner(slot);
        if (!_lists.TryTake(out DetectionList? list))
            list = new DetectionList(_lists);
        slot.PostProcessor.Run(slot.Engine, slot.Width, slot.Height, slot.View, list);
        return list;
    }

    /// <summary>All stages, one call at a time.</summary>
    /// <param name="frame">The picture.</param>
    /// <param name="view">What the network shall see of it.</param>
    /// <returns>The detections; to be disposed by the caller.</returns>
    /// <exception cref="ArgumentException">The view leaves the picture.</exception>
    public DetectionList Detect(Frame frame, PictureView view = default)
    {
        lock (_gate)
        {
            DetectorSlot slot = _own ??= CreateSlot();
            Prepare(frame, slot, view);
            Infer(slot);
            return Finish(slot);
        }
    }

    /// <summary>
    /// Runs the networks on empty input: only then is it known whether a provider works, how much memory it takes, and that the first frame waits
    /// for nothing.
    /// </summary>
    /// <exception cref="EngineException">The provider does not work.</exception>
    public void WarmUp()
    {
        const int Runs = 2; // some memory is taken in the second run only
        using EngineSlot slot = _engine.CreateSlot();
        using RescoringSlot? rescoring = _rescoring?.CreateSlot();
        SessionMaker.OnProvider(Choice.Provider, () =>
        {
            for (int i = 0; i < Runs; i++)
            {
                slot.Run();
                rescoring?.Run();
            }
            return 0;
        });
    }

    /// <summary>Frees the engines, where no other detector shares them. Slots must be gone, and detection lists stay readable.</summary>
    public void Dispose()
    {
        _own?.Dispose();
        if (Interlocked.Decrement(ref _sharers.Value) > 0)
            return;
        _rescoring?.Dispose();
        _engine.Dispose();
    }

    private static void Validate(DetectorOptions options)
    {
        List<string> errors = [.. options.Validate("$")];
        if (errors.Count > 0)
            throw new ArgumentException("Invalid detector options:"
                + string.Concat(errors.Select(e => $"{Environment.NewLine}  {e}")), nameof(options));
    }

    private void Fill(Frame frame, DetectorSlot slot, PictureView view)
    {
        ArgumentNullException.ThrowIfNull(frame);
        CheckOwner(slot);
        if (slot.Engine.Planes is { } planes)
            slot.Resizer.Resize(frame, view, planes.Span);
        else
            slot.Resizer.Resize(frame, view, slot.Engine.Pixels!.Span);
    }

    private void CheckOwner(DetectorSlot slot)
    {
        ArgumentNullException.ThrowIfNull(slot);
        if (slot.Owner != this)
            throw new ArgumentException("The slot belongs to another detector.", nameof(slot));
    }
}
