using System.Globalization;
using Yolact.Edge.Model.Import;
using Yolact.Edge.Vision.Engines.Providers;

namespace Yolact.Edge.Engines;

/// <summary>Whether the precision that is asked for has an effect: from TensorRT 11 on the graph alone decides.</summary>
internal static class PrecisionAdvice
{
    private const int GraphDecides = 11;

    /// <summary>What a person should know; null where all is as asked.</summary>
    /// <param name="tensorRt">Version of TensorRT.</param>
    /// <param name="wanted">What is asked for.</param>
    /// <param name="graph">What the graph computes in.</param>
    /// <param name="quantised">Whether it is quantised, and says so itself.</param>
    public static string? Of(string tensorRt, TensorRtPrecision wanted, ComputePrecision graph, bool quantised = false)
    {
        if (!int.TryParse(tensorRt.Split('.')[0], NumberStyles.None, CultureInfo.InvariantCulture, out int major) || major < GraphDecides
            || quantised || wanted is TensorRtPrecision.Fp32 || (wanted is TensorRtPrecision.Fp16 && graph is ComputePrecision.Fp16))
            return null;
        string remedy = wanted is TensorRtPrecision.Fp16
            ? "import the model with 'model import --compute fp16'" : "only a quantised model computes in int8";
        return $"TensorRT {tensorRt} takes its precision from the graph and ignores tensorrt/precision={wanted.ToString().ToLowerInvariant()}: {remedy}.";
    }
}
