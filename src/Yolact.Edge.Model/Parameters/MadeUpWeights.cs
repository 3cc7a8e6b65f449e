using Yolact.Edge.Model.Configs;
using Yolact.Edge.Model.Graphs;

namespace Yolact.Edge.Model.Parameters;

/// <summary>
/// Weights for a network that nobody has trained, to measure its time: random, seeded by each parameter's name, scaled so that values keep
/// their size from layer to layer (He et al., arXiv 1502.01852, equation 10). What such a network finds means nothing.
/// </summary>
public static class MadeUpWeights
{
    // The last batch norm of a residual block: small, so that a hundred blocks do not add up to infinity.
    private const float ResidualGain = 0.1f;
    private const double LogitSpread = 0.5, OffsetSpread = 0.5;

    /// <summary>Reads the made-up weights of a network.</summary>
    /// <param name="config">The network.</param>
    public static ParameterReader ReaderFor(YolactConfig config)
    {
        Dictionary<string, ParameterSpec> specs = ParameterList.Of(config).ToDictionary(spec => spec.Name, StringComparer.Ordinal);
        return (name, values) => Fill(specs[name], values);
    }

    private static void Fill(ParameterSpec spec, Span<float> values)
    {
        if (spec.Shape.Length < 2)
        {
            values.Fill(spec.Name.EndsWith("running_var", StringComparison.Ordinal) ? 1 : IsGain(spec.Name) ? GainOf(spec.Name) : 0);
            return;
        }
        var random = new Random(Seed(spec.Name));
        double fanIn = spec.Shape.Skip(1).Aggregate(1.0, (product, side) => product * side);
        double spread = spec.Name.Contains("conf_layer", StringComparison.Ordinal) ? LogitSpread
            : spec.Name.Contains("conv_offset_mask", StringComparison.Ordinal) ? OffsetSpread
            : IsLinear(spec.Name) ? 1
            : Math.Sqrt(2);
        double half = spread * Math.Sqrt(3 / fanIn); // a uniform distribution of standard deviation spread / sqrt(fan in)
        foreach (ref float value in values)
            value = (float)(((2 * random.NextDouble()) - 1) * half);
    }

    // Of one dimension and called weight: a batch norm's.
    private static bool IsGain(string name) => name.EndsWith(".weight", StringComparison.Ordinal);

    private static float GainOf(string name) => name.Contains(".bn3.", StringComparison.Ordinal) || name.Contains(".conv2.1.", StringComparison.Ordinal) ? ResidualGain : 1;

    // No ReLU behind them takes half of the values' power.
    private static bool IsLinear(string name) =>
        name.Contains(".downsample.", StringComparison.Ordinal) || name.Contains("lat_layers", StringComparison.Ordinal) || name.Contains("bbox_layer", StringComparison.Ordinal);

    // FNV-1a: equal on every machine, unlike the runtime's own hash.
    private static int Seed(string name) => (int)name.Aggregate(2166136261u, (hash, c) => (hash ^ c) * 16777619u);
}
