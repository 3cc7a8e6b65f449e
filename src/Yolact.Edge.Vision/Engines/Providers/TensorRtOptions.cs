namespace Yolact.Edge.Vision.Engines.Providers;

/// <summary>How TensorRT builds and runs its engine. Every one is handed over explicitly, and every one is part of the cache's key.</summary>
public sealed record TensorRtOptions
{
    private const int MaxExcluded = 64;

    /// <summary>What it may compute in. Default <see cref="TensorRtPrecision.Fp16"/>.</summary>
    public TensorRtPrecision Precision { get; init; } = TensorRtPrecision.Fp16;

    /// <summary>Scratch memory of its kernels in MiB, 64..65536. Null (default): a third of the memory budget.</summary>
    public int? WorkspaceMib { get; init; }

    /// <summary>How long it searches for fast kernels, 0..5: a build takes longer with each. Default 3.</summary>
    public int BuilderOptimizationLevel { get; init; } = 3;

    /// <summary>Streams beside the main one, -1..7; -1 lets TensorRT decide, 0 (default) takes the least memory.</summary>
    public int AuxiliaryStreams { get; init; }

    /// <summary>Whether the parts of a network share their working memory. Default true.</summary>
    public bool ContextMemorySharing { get; init; } = true;

    /// <summary>Whether kernel timings are kept for later builds on this machine. Default true.</summary>
    public bool TimingCache { get; init; } = true;

    /// <summary>Whether a run is recorded once and replayed as a CUDA graph. Default false.</summary>
    public bool CudaGraph { get; init; }

    /// <summary>
    /// Whether the engine is kept inside an EP-context model, which starts without reading the network's own graph: the fastest start.
    /// Default false.
    /// </summary>
    public bool EpContext { get; init; }

    /// <summary>Deep-learning accelerator that takes what it can, 0..1; null (default) for none.</summary>
    public int? DlaCore { get; init; }

    /// <summary>Parts of fewer operators than this are left to another provider, 1..1000. Default 5.</summary>
    public int MinSubgraphSize { get; init; } = 5;

    /// <summary>Whether weights that are half zeros are used as such. Default false.</summary>
    public bool Sparsity { get; init; }

    /// <summary>ONNX operators that TensorRT shall not take, at most 64, such as <c>DeformConv</c>. Default none.</summary>
    public IReadOnlyList<string> ExcludedOperators { get; init; } = [];

    /// <summary>Everything that is wrong, each with its path and what would be right; empty for valid options.</summary>
    /// <param name="path">Where these options stand in their document.</param>
    public IEnumerable<string> Validate(string path)
    {
        if (!Enum.IsDefined(Precision))
            yield return $"{path}.precision: one of {string.Join(", ", Enum.GetNames<TensorRtPrecision>())}, not {(int)Precision}";
        if (WorkspaceMib is < 64 or > 65536)
            yield return $"{path}.workspace_mib: 64 to 65536, not {WorkspaceMib}";
        if (BuilderOptimizationLevel is < 0 or > 5)
            yield return $"{path}.builder_optimization_level: 0 to 5, not {BuilderOptimizationLevel}";
        if (AuxiliaryStreams is < -1 or > 7)
            yield return $"{path}.auxiliary_streams: -1 (TensorRT decides) to 7, not {AuxiliaryStreams}";
        if (DlaCore is < 0 or > 1)
            yield return $"{path}.dla_core: 0 or 1, not {DlaCore}";
        if (MinSubgraphSize is < 1 or > 1000)
            yield return $"{path}.min_subgraph_size: 1 to 1000, not {MinSubgraphSize}";
        if (ExcludedOperators.Count > MaxExcluded)
            yield return $"{path}.excluded_operators: at most {MaxExcluded}, not {ExcludedOperators.Count}";
        foreach (string name in ExcludedOperators.Where(name => name.Length == 0 || !name.All(char.IsAsciiLetterOrDigit)))
            yield return $"{path}.excluded_operators: names of ONNX operators, not '{name}'";
    }

    /// <summary>
    /// The options under their names in ONNX Runtime's TensorRT provider, without folders: what the engine's making depends on, and so what its
    /// key in the cache is made of.
    /// </summary>
    /// <param name="limits">What the engine may take.</param>
    public IReadOnlyDictionary<string, string> ToProviderOptions(EngineLimits limits) => new SortedDictionary<string, string>(StringComparer.Ordinal)
    {
        ["device_id"] = "0",
        ["trt_auxiliary_streams"] = Text(AuxiliaryStreams),
        ["trt_build_heuristics_enable"] = "0",
        ["trt_builder_optimization_level"] = Text(BuilderOptimizationLevel),
        ["trt_context_memory_sharing_enable"] = Text(ContextMemorySharing),
        ["trt_cuda_graph_enable"] = Text(CudaGraph),
        ["trt_detailed_build_log"] = "0",
        ["trt_dla_core"] = Text(DlaCore ?? 0),
        ["trt_dla_enable"] = Text(DlaCore is not null),
        ["trt_dump_ep_context_model"] = Text(EpContext),
        ["trt_dump_subgraphs"] = "0",
        ["trt_ep_context_embed_mode"] = Text(EpContext),
        ["trt_force_sequential_engine_build"] = "1",
        ["trt_fp16_enable"] = Text(Precision is not TensorRtPrecision.Fp32),
        ["trt_int8_enable"] = Text(Precision is TensorRtPrecision.Int8),
        ["trt_max_partition_iterations"] = "1000",
        ["trt_max_workspace_size"] = Text((long)limits.WorkspaceMib << 20),
        ["trt_min_subgraph_size"] = Text(MinSubgraphSize),
        ["trt_op_types_to_exclude"] = string.Join(',', ExcludedOperators),
        ["trt_sparsity_enable"] = Text(Sparsity),
        ["trt_timing_cache_enable"] = Text(TimingCache),
    };

    /// <summary>True where an engine would be the same: lists are compared by what they hold.</summary>
    /// <param name="other">Another one.</param>
    public bool Equals(TensorRtOptions? other) => other is not null && WorkspaceMib == other.WorkspaceMib
        && ToProviderOptions(default).SequenceEqual(other.ToProviderOptions(default));

    /// <inheritdoc/>
    public override int GetHashCode() => HashCode.Combine(Precision, WorkspaceMib, BuilderOptimizationLevel, EpContext, CudaGraph, DlaCore, ExcludedOperators.Count);

    private static string Text(long value) => value.ToString(System.Globalization.CultureInfo.InvariantCulture);

    private static string Text(bool value) => value ? "1" : "0";
}
