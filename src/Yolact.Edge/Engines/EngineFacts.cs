using Yolact.Edge.Vision.Engines;
using Yolact.Edge.Vision.Engines.Providers;

namespace Yolact.Edge.Engines;

/// <summary>What this machine has to run a network with, without running one.</summary>
/// <param name="ManagedVersion">ONNX Runtime's managed side.</param>
/// <param name="NativeLibrary">Its native library; null where it cannot be used.</param>
/// <param name="NativeProblem">Why the native library cannot be used, and what to do; null where it can.</param>
/// <param name="Providers">Providers that it was built with, under ONNX Runtime's names.</param>
/// <param name="Gpu">TensorRT, CUDA and GPU, as the machine's own libraries tell.</param>
/// <param name="CacheFolder">Where engines are kept.</param>
/// <param name="CacheProblem">Why engines cannot be kept there; null where they can.</param>
/// <param name="Engines">What is kept.</param>
public sealed record EngineFacts(
    string ManagedVersion, NativeRuntimeInfo? NativeLibrary, string? NativeProblem, IReadOnlyList<string> Providers, GpuFacts Gpu, string CacheFolder,
    string? CacheProblem, IReadOnlyList<CachedEngine> Engines)
{
    /// <summary>Looks.</summary>
    /// <param name="options">Valid options.</param>
    public static EngineFacts Read(EngineOptions options)
    {
        ArgumentNullException.ThrowIfNull(options);
        NativeRuntimeInfo? library = null;
        string? problem = null;
        string[] providers = [];
        try
        {
            library = NativeRuntime.Load(options.NativeLibraryPath);
            providers = [.. NativeRuntime.Providers(options.NativeLibraryPath)];
        }
        catch (EngineException error)
        {
            problem = error.Message;
        }
        string folder = Yolact.Edge.Engines.CacheFolder.Of(options);
        return new EngineFacts(NativeRuntime.ManagedVersion, library, problem, providers, GpuFacts.Read(), folder,
            Yolact.Edge.Engines.CacheFolder.Problem(folder, 0), new EngineCache(folder, options.CacheEntries, TimeProvider.System).List());
    }

    /// <summary>A key of this machine without a model; for comparing what others were made for.</summary>
    public EngineKey MachineKey() => new("", "", NativeLibrary?.Version ?? GpuFacts.None, Gpu.TensorRt, Gpu.Cuda, Gpu.Gpu, "", "");

    /// <summary>What is wrong with an entry on this machine, without a full stop; null where it can be used here.</summary>
    /// <param name="entry">The entry.</param>
    public string? ProblemOf(CachedEngine entry)
    {
        ArgumentNullException.ThrowIfNull(entry);
        if (entry.Problem is not null)
            return entry.Problem;
        string[] differences = [.. entry.Manifest!.Key.MachineDifferences(MachineKey())];
        return differences.Length > 0 ? $"made for another machine: {string.Join("; ", differences)}" : null;
    }
}
