using Yolact.Edge.Engines;
using Yolact.Edge.Model.Import;
using Yolact.Edge.Vision.Engines.Providers;

namespace Yolact.Edge.Tests.Engines;

public sealed class PrecisionAdviceTests
{
    [Theory]
    [InlineData("10.3.0", TensorRtPrecision.Fp16, ComputePrecision.Fp32, null)]
    [InlineData("11.0.0", TensorRtPrecision.Fp32, ComputePrecision.Fp32, null)]
    [InlineData("11.0.0", TensorRtPrecision.Fp16, ComputePrecision.Fp16, null)]
    [InlineData("11.0.0", TensorRtPrecision.Fp16, ComputePrecision.Fp32, "--compute fp16")]
    [InlineData("12.1.0", TensorRtPrecision.Int8, ComputePrecision.Fp32, "quantised")]
    [InlineData("none", TensorRtPrecision.Fp16, ComputePrecision.Fp32, null)]
    public void A_flag_without_effect_is_named(string tensorRt, TensorRtPrecision wanted, ComputePrecision graph, string? expected)
    {
        string? advice = PrecisionAdvice.Of(tensorRt, wanted, graph);
        Assert.Equal(expected is null, advice is null);
        if (expected is not null)
            Assert.Contains(expected, advice, StringComparison.Ordinal);
    }
}
