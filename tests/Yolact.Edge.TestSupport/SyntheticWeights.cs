using System.Collections.Concurrent;
using System.Globalization;
using Yolact.Edge.Model.Checkpoints;
using Yolact.Edge.Model.Configs;
using Yolact.Edge.Model.Parameters;

namespace Yolact.Edge.TestSupport;

/// <summary>
/// The weights that the reference data were computed with: every value is a function of the parameter's name and shape, equal bit for
/// bit to the reference's. All arithmetic is in double, rounded once to float32.
/// </summary>
public static class SyntheticWeights
{
    /// <summary>Value of the counters of batch norm.</summary>
    public const long BatchesTracked = 800_000;

    private const double Scale = 1 << 24;

    /// <summary>All floating-point parameters of a network, those that only training needs included.</summary>
    public static IReadOnlyDictionary<string, float[]> For(YolactConfig config)
    {
        var values = new ConcurrentDictionary<string, float[]>(StringComparer.Ordinal);
        Parallel.ForEach(
            ParameterList.Of(config).Where(spec => spec.Type == ElementType.Float32).OrderByDescending(spec => spec.Count),
            spec => values[spec.Name] = Values(spec.Name, [.. spec.Shape], config.Name, config.ClassesWithBackground));
        return values;
    }

    /// <summary>The parameters of a network, ready to build graphs from.</summary>
    public static ParameterSet ParametersFor(YolactConfig config) => ParameterSet.FromMemory(config, For(config));

    /// <summary>One parameter's values in C order.</summary>
    /// <param name="name">Its name.</param>
    /// <param name="shape">Its shape.</param>
    /// <param name="config">Name of the network.</param>
    /// <param name="classesWithBackground">Class logits a prior.</param>
    public static float[] Values(string name, ReadOnlySpan<int> shape, string config, int classesWithBackground)
    {
        int count = 1;
        foreach (int side in shape)
            count *= side;
        var values = new float[count];
        var stream = new IntegerStream(name);
        WeightRule rule = WeightRules.For(name, shape.Length);
        WeightProfile profile = WeightRules.Profile(config);
        switch (rule.Kind)
        {
            case WeightKind.Convolution:
                FillConvolution(values, stream, shape[0], rule.First, rule.Second);
                break;
            case WeightKind.Lateral:
                int index = int.Parse(name.Split('.')[2], CultureInfo.InvariantCulture);
                FillConvolution(values, stream, shape[0], profile.Lateral[Math.Min(index, profile.Lateral.Length - 1)], rule.First);
                break;
            case WeightKind.Flat:
                FillFlat(values, stream, rule.First, rule.Second);
                break;
            default:
                FillFlat(values, stream, rule.First, rule.Second);
                for (int i = 0; i < count; i += classesWithBackground)
                    values[i] = (float)(profile.Background + (stream[i] * (rule.Second / Scale)));
                break;
        }
        return values;
    }

    private static void FillConvolution(Span<float> values, IntegerStream stream, int outputs, double gain, double share)
    {
        int fanIn = values.Length / outputs;
        double amplitude = gain * Math.Sqrt(3.0 / fanIn) / Scale;
        for (int output = 0; output < outputs; output++)
        {
            int start = output * fanIn;
            long sum = 0;
            for (int i = 0; i < fanIn; i++)
                sum += stream[start + i];
            double mean = share * sum / fanIn;
            for (int i = 0; i < fanIn; i++)
                values[start + i] = (float)((stream[start + i] - mean) * amplitude);
        }
    }

    private static void FillFlat(Span<float> values, IntegerStream stream, double middle, double half)
    {
        double scale = half / Scale;
        for (int i = 0; i < values.Length; i++)
            values[i] = (float)(middle + (stream[i] * scale));
    }
}
