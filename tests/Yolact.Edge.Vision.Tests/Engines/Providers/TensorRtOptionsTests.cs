using Yolact.Edge.Vision.Engines;
using Yolact.Edge.Vision.Engines.Memory;
using Yolact.Edge.Vision.Engines.Providers;

namespace Yolact.Edge.Vision.Tests.Engines.Providers;

public sealed class TensorRtOptionsTests
{
    [Fact]
    public void Everything_that_is_wrong_is_reported()
    {
        var options = new EngineOptions
        {
            NativeLibraryPath = "libonnxruntime.so",
            MemoryBudgetMib = 1,
            CacheFolder = "engines",
            CacheEntries = 0,
            Tensorrt = new TensorRtOptions
            {
                WorkspaceMib = 1,
                BuilderOptimizationLevel = 6,
                AuxiliaryStreams = -2,
                DlaCore = 2,
                MinSubgraphSize = 0,
                ExcludedOperators = ["a b"],
                Precision = (TensorRtPrecision)9,
            },
        };
        string[] errors = [.. options.Validate("$")];
        string[] wrong =
        [
            "native_library_path", "memory_budget_mib", "cache_folder", "cache_entries", "tensorrt.workspace_mib", "tensorrt.builder_optimization_level",
            "tensorrt.auxiliary_streams", "tensorrt.dla_core", "tensorrt.min_subgraph_size", "tensorrt.excluded_operators", "tensorrt.precision",
        ];
        Assert.Equal(wrong.Length, errors.Length);
        Assert.All(wrong, name => Assert.Contains(errors, error => error.StartsWith($"$.{name}: ", StringComparison.Ordinal)));
        Assert.Empty(new EngineOptions().Validate("$"));
    }

    [Fact]
    public void Every_option_reaches_the_provider()
    {
        EngineLimits limits = new MemoryBudget(1500).Limits();
        TensorRtOptions defaults = new();
        (TensorRtOptions Changed, string Name, string Value)[] changes =
        [
            (defaults with { Precision = TensorRtPrecision.Fp32 }, "trt_fp16_enable", "0"),
            (defaults with { Precision = TensorRtPrecision.Int8 }, "trt_int8_enable", "1"),
            (defaults with { BuilderOptimizationLevel = 5 }, "trt_builder_optimization_level", "5"),
            (defaults with { AuxiliaryStreams = 2 }, "trt_auxiliary_streams", "2"),
            (defaults with { ContextMemorySharing = false }, "trt_context_memory_sharing_enable", "0"),
            (defaults with { TimingCache = false }, "trt_timing_cache_enable", "0"),
            (defaults with { CudaGraph = true }, "trt_cuda_graph_enable", "1"),
            (defaults with { EpContext = true }, "trt_dump_ep_context_model", "1"),
            (defaults with { DlaCore = 1 }, "trt_dla_core", "1"),
            (defaults with { DlaCore = 0 }, "trt_dla_enable", "1"),
            (defaults with { MinSubgraphSize = 9 }, "trt_min_subgraph_size", "9"),
            (defaults with { Sparsity = true }, "trt_sparsity_enable", "1"),
            (defaults with { ExcludedOperators = ["DeformConv", "TopK"] }, "trt_op_types_to_exclude", "DeformConv,TopK"),
        ];
        foreach ((TensorRtOptions changed, string name, string value) in changes)
        {
            Assert.NotEqual(value, defaults.ToProviderOptions(limits)[name]);
            Assert.Equal(value, changed.ToProviderOptions(limits)[name]);
            Assert.NotEqual(defaults, changed);
            Assert.Equal(changed with { ExcludedOperators = [.. changed.ExcludedOperators] }, changed);
        }
        Assert.Equal("524288000", defaults.ToProviderOptions(limits)["trt_max_workspace_size"]); // a third of 1500 MiB
    }

    [Theory]
    [InlineData(100300, "10.3.0")]
    [InlineData(101601, "10.16.1")]
    [InlineData(110000, "11.0.0")]
    [InlineData(8602, "8.6.2")]
    public void TensorRts_number_is_put_into_words(int number, string expected) => Assert.Equal(expected, GpuFacts.VersionOf(number));

    [Fact]
    public void A_machine_without_a_gpu_has_none()
    {
        Assert.SkipWhen(File.Exists("/dev/nvidia0") || File.Exists("/dev/nvmap"), "This machine has an NVIDIA GPU.");
        Assert.Equal(GpuFacts.None, GpuFacts.Read().Gpu);
    }
}
