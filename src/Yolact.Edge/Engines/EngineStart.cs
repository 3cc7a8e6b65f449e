using System.Globalization;
using Yolact.Edge.Model.Import;
using Yolact.Edge.Vision;
using Yolact.Edge.Vision.Engines;
using Yolact.Edge.Vision.Engines.Memory;
using Yolact.Edge.Vision.Engines.Providers;

namespace Yolact.Edge.Engines;

/// <summary>
/// Starts a network: chooses the provider, finds or builds TensorRT's engine, warms it up, measures what it takes, and starts it anew with smaller
/// caps where that is too much. One session is made and kept; while caps are lowered, the old one is gone before the next is made.
/// </summary>
/// <param name="builder">What builds engines.</param>
/// <param name="probe">Measures memory.</param>
/// <param name="clock">Measures builds.</param>
public sealed class EngineStart(IEngineBuilder builder, MemoryProbe probe, TimeProvider clock)
{
    /// <summary>With a process that builds, over this machine.</summary>
    /// <param name="root">The folder that stands for <c>/</c> when memory is read.</param>
    public static EngineStart OnThisMachine(string root = "/") => new(new BuilderProcess(), new MemoryProbe(root), TimeProvider.System);

    /// <summary>Starts a model.</summary>
    /// <param name="files">The model.</param>
    /// <param name="options">Valid options.</param>
    /// <param name="progress">Told how a build proceeds.</param>
    /// <param name="cancellation">Ends a build.</param>
    /// <exception cref="ModelException">The model cannot be used.</exception>
    /// <exception cref="EngineException">No provider works, or the one that was asked for does not.</exception>
    /// <exception cref="BudgetException">It takes more memory than it may.</exception>
    public StartedEngine Open(ModelFiles files, DetectorOptions options, IProgress<EngineProgress>? progress = null, CancellationToken cancellation = default)
    {
        ArgumentNullException.ThrowIfNull(options);
        EngineOptions engine = options.Engine;
        bool rescores = Rescores(files, options);
        NativeRuntimeInfo runtime = NativeRuntime.Load(engine.NativeLibraryPath);
        (Attempt attempt, ProviderChoice choice) = ProviderChoice.Choose(engine.Provider, NativeRuntime.Providers(engine.NativeLibraryPath),
            provider => Try(provider, files, options, rescores, runtime.Version, progress, cancellation));
        var report = new EngineReport(choice, attempt.EngineId, attempt.BuildSeconds, engine.MemoryBudgetMib, attempt.Memory, attempt.Limits, attempt.Notes);
        return new StartedEngine(attempt.Detector, report);
    }

    /// <summary>Finds or builds the engine of a model without running it.</summary>
    /// <param name="files">The model.</param>
    /// <param name="options">Valid options.</param>
    /// <param name="progress">Told how the build proceeds.</param>
    /// <param name="cancellation">Ends the build.</param>
    /// <returns>The entry, and whether it was built now.</returns>
    /// <exception cref="EngineException">TensorRT is not here, or the build failed.</exception>
    public (CachedEngine Engine, bool Built) Build(ModelFiles files, DetectorOptions options, IProgress<EngineProgress>? progress = null,
        CancellationToken cancellation = default)
    {
        ArgumentNullException.ThrowIfNull(options);
        EngineOptions engine = options.Engine;
        NativeRuntimeInfo runtime = NativeRuntime.Load(engine.NativeLibraryPath);
        EngineLimits limits = new MemoryBudget(engine.MemoryBudgetMib).Limits(workspaceMib: engine.Tensorrt.WorkspaceMib);
        bool rescores = Rescores(files, options);
        return ProviderChoice.Choose(ExecutionProvider.Tensorrt, NativeRuntime.Providers(engine.NativeLibraryPath),
            _ => Ensure(files, rescores, engine, limits, runtime.Version, progress, cancellation)).Result;
    }

    private Attempt Try(ExecutionProvider provider, ModelFiles files, DetectorOptions options, bool rescores, string runtime,
        IProgress<EngineProgress>? progress, CancellationToken cancellation)
    {
        EngineOptions engine = options.Engine;
        var budget = new MemoryBudget(engine.MemoryBudgetMib);
        var notes = new List<string>();
        MemoryReading before = probe.Read();
        for (int step = 0; ; step++)
        {
            EngineLimits limits = budget.Limits(step, engine.Tensorrt.WorkspaceMib);
            (CachedEngine? entry, bool built) = provider == ExecutionProvider.Tensorrt
                ? Ensure(files, rescores, engine, limits, runtime, progress, cancellation) : (null, false);
            var setup = new EngineSetup { Provider = provider, Limits = limits, EngineFolder = entry?.Folder };
            Detector detector = WarmUp(files, options, setup);
            if (step == 0 && provider == ExecutionProvider.Tensorrt
                && PrecisionAdvice.Of(GpuFacts.Read().TensorRt, engine.Tensorrt.Precision, detector.Metadata.Options.Compute,
                    detector.Metadata.Quantisation is not null) is { } advice)
                notes.Add(advice);
            MemoryUse use = probe.Read().Since(before);
            var attempt = new Attempt(detector, entry?.Id, built ? entry!.Manifest!.BuildSeconds : null, use, limits, notes);
            if (use.Mib <= budget.Mib)
                return attempt;
            if (engine.OverBudget == OverBudget.Fail)
            {
                detector.Dispose();
                throw new BudgetException(use, budget.Mib);
            }
            notes.Add(BudgetException.Words(use, budget.Mib) + " " + (step == MemoryBudget.Steps - 1
                ? "Nothing smaller is left to try: it runs on over its budget."
                : $"It was started anew with {Words(provider, budget.Limits(step + 1, engine.Tensorrt.WorkspaceMib))}."));
            if (step == MemoryBudget.Steps - 1)
                return attempt;
            detector.Dispose();
        }
    }

    private static Detector WarmUp(ModelFiles files, DetectorOptions options, EngineSetup setup)
    {
        Detector detector = Detector.Open(files.Main, options, setup);
        try
        {
            detector.WarmUp();
            return detector;
        }
        catch
        {
            detector.Dispose();
            throw;
        }
    }

    private (CachedEngine Engine, bool Built) Ensure(ModelFiles files, bool rescores, EngineOptions engine, EngineLimits limits, string runtime,
        IProgress<EngineProgress>? progress, CancellationToken cancellation)
    {
        var cache = new EngineCache(CacheFolder.Of(engine), engine.CacheEntries, clock);
        EngineKey key = EngineKey.Of(files, rescores, engine, limits, runtime, GpuFacts.Read());
        return cache.Ensure(key, new EngineRequest(files.Main, rescores, engine, limits), builder, progress, cancellation);
    }

    private static bool Rescores(ModelFiles files, DetectorOptions options)
    {
        if (!options.Rescore || !File.Exists(files.Main))
            return false;
        try
        {
            return OnnxMetadata.Read(files.Main).Config.MaskRescoring is not null && File.Exists(files.Rescore);
        }
        catch (Exception error) when (error is InvalidDataException or Model.Configs.InvalidConfigException)
        {
            return false; // opening it says what is wrong
        }
    }

    private static string Words(ExecutionProvider provider, EngineLimits limits)
    {
        string memory = provider switch
        {
            ExecutionProvider.Tensorrt => $"a workspace of {limits.WorkspaceMib} MiB, ",
            ExecutionProvider.Cuda => $"a memory pool of {limits.GpuArenaMib} MiB, ",
            _ => "",
        };
        string pool = limits.CpuArena ? "" : ", and no CPU memory kept between runs";
        return string.Create(CultureInfo.InvariantCulture, $"{memory}re-scoring batches of {limits.RescoringBatch}{pool}");
    }

    private sealed record Attempt(Detector Detector, string? EngineId, double? BuildSeconds, MemoryUse Memory, EngineLimits Limits, IReadOnlyList<string> Notes);
}

/// <summary>A network that is ready.</summary>
/// <param name="Detector">It; belongs to the caller.</param>
/// <param name="Report">What runs it.</param>
public sealed record StartedEngine(Detector Detector, EngineReport Report);
