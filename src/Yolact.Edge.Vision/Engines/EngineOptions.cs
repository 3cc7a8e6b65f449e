using Yolact.Edge.Vision.Engines.Memory;
using Yolact.Edge.Vision.Engines.Providers;

namespace Yolact.Edge.Vision.Engines;

/// <summary>How the network is run.</summary>
public sealed record EngineOptions
{
    /// <summary>Default of <see cref="MemoryBudgetMib"/>.</summary>
    public const int DefaultMemoryBudgetMib = 1500;

    private const int MaxThreads = 256;

    /// <summary>
    /// What runs the network. Default <see cref="ExecutionProvider.Auto"/>: TensorRT, else CUDA, else the CPU, with a reason for each one
    /// passed over. One that is named is used or nothing.
    /// </summary>
    public ExecutionProvider Provider { get; init; } = ExecutionProvider.Auto;

    /// <summary>
    /// ONNX Runtime's native library, such as a Jetson's build <c>/usr/lib/yolact-edge/libonnxruntime.so</c>. Null (default) for the one that
    /// came with the program, which has the CPU alone.
    /// </summary>
    public string? NativeLibraryPath { get; init; }

    /// <summary>CPU threads, 0..256; 0 (default) for one a core.</summary>
    public int Threads { get; init; }

    /// <summary>
    /// Whether idle CPU threads spin for work: a few per cent faster alone, but other stages of a pipeline lose the cores.
    /// Default false.
    /// </summary>
    public bool Spin { get; init; }

    /// <summary>Memory that network and runtime may take, in MiB, 128..65536. Default 1500. What is capped follows from it.</summary>
    public int MemoryBudgetMib { get; init; } = DefaultMemoryBudgetMib;

    /// <summary>What happens to a start that takes more than the budget. Default <see cref="OverBudget.Degrade"/>.</summary>
    public OverBudget OverBudget { get; init; } = OverBudget.Degrade;

    /// <summary>Folder of the engines that were built. Null (default): <c>engines</c> in systemd's or the user's cache folder.</summary>
    public string? CacheFolder { get; init; }

    /// <summary>Engines that are kept, 1..64; the one that was used longest ago goes first. Default 4.</summary>
    public int CacheEntries { get; init; } = 4;

    /// <summary>How TensorRT builds and runs its engine.</summary>
    public TensorRtOptions Tensorrt { get; init; } = new();

    /// <summary>Everything that is wrong, each with its path and what would be right; empty for valid options.</summary>
    /// <param name="path">Where these options stand in their document, such as <c>$.engine</c>.</param>
    public IEnumerable<string> Validate(string path)
    {
        if (!Enum.IsDefined(Provider))
            yield return $"{path}.provider: one of {string.Join(", ", Enum.GetNames<ExecutionProvider>())}, not {(int)Provider}";
        if (NativeLibraryPath is not null && !Path.IsPathRooted(NativeLibraryPath))
            yield return $"{path}.native_library_path: an absolute path of libonnxruntime.so, not '{NativeLibraryPath}'";
        if (Threads is < 0 or > MaxThreads)
            yield return $"{path}.threads: 0 (one a core) to {MaxThreads}, not {Threads}";
        if (MemoryBudgetMib is < 128 or > 65536)
            yield return $"{path}.memory_budget_mib: 128 to 65536, not {MemoryBudgetMib}";
        if (!Enum.IsDefined(OverBudget))
            yield return $"{path}.over_budget: one of {string.Join(", ", Enum.GetNames<OverBudget>())}, not {(int)OverBudget}";
        if (CacheFolder is not null && !Path.IsPathRooted(CacheFolder))
            yield return $"{path}.cache_folder: an absolute folder, not '{CacheFolder}'";
        if (CacheEntries is < 1 or > 64)
            yield return $"{path}.cache_entries: 1 to 64, not {CacheEntries}";
        foreach (string error in Tensorrt.Validate(path + ".tensorrt"))
            yield return error;
    }
}
