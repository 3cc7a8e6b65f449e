using Yolact.Edge.Model.Configs;
using Yolact.Edge.Model.Onnx;

namespace Yolact.Edge.Model.Graphs;

/// <summary>Reads a parameter of a checkpoint, row-major, into a buffer of just its size.</summary>
/// <param name="name">Official name, such as <c>backbone.layers.0.0.conv1.weight</c>.</param>
/// <param name="values">Filled completely.</param>
public delegate void ParameterReader(string name, Span<float> values);

/// <summary>
/// A graph builder that knows a checkpoint: convolutions are added by the name of their module, batch norm folded into them.
/// </summary>
internal sealed class NetworkBuilder(YolactConfig config, GraphBuilder graph, ParameterReader read, DeformLowering lowering)
{
    /// <summary>PyTorch's default epsilon of batch norm, which the reference uses everywhere.</summary>
    private const double BatchNormEpsilon = 1e-5;

    public YolactConfig Config => config;

    public GraphBuilder Graph => graph;

    public ParameterReader Read => read;

    public DeformLowering Lowering => lowering;

    /// <summary>A convolution with a bias of its own.</summary>
    public Tensor Convolution(string module, Tensor x, ConvolutionGeometry geometry) =>
        Convolution(module, module, x, geometry);

    /// <summary>A convolution with a bias of its own, used several times with shared weights: the node's name differs.</summary>
    public Tensor Convolution(string node, string module, Tensor x, ConvolutionGeometry geometry)
    {
        string weight = $"{module}.weight", bias = $"{module}.bias";
        graph.Weight(weight, [geometry.Outputs, x.Channels, geometry.Kernel, geometry.Kernel], values => read(weight, values));
        graph.Weight(bias, [geometry.Outputs], values => read(bias, values));
        return graph.Convolution(node, x, weight, bias, geometry);
    }

    /// <summary>A convolution without a bias and the batch norm behind it, as one convolution.</summary>
    public Tensor Normalized(string module, string norm, Tensor x, ConvolutionGeometry geometry)
    {
        (string weight, string bias) = Folded(module, norm, x.Channels, geometry, hasBias: false);
        return graph.Convolution(module, x, weight, bias, geometry);
    }

    /// <summary>A deformable 3x3 convolution with its bias and the batch norm behind it.</summary>
    public Tensor NormalizedDeformable(string module, string norm, Tensor x, ConvolutionGeometry geometry)
    {
        // 27 channels: offsets (y, x) of each of the nine taps, then the nine modulation logits (dcn_v2.py:105-122).
        Tensor raw = Convolution($"{module}.conv_offset_mask", x, geometry with { Outputs = 27 });
        (string weight, string bias) = Folded(module, norm, x.Channels, geometry, hasBias: true, tapMajor: lowering == DeformLowering.Gather);
        return lowering == DeformLowering.Native
            ? NativeDeformConv.Add(graph, module, x, raw, weight, bias, geometry)
            : GatherDeformConv.Add(graph, module, x, raw, weight, bias, geometry);
    }

    /// <summary>
    /// Adds weight and bias with the batch norm folded in: w' = w g / sqrt(v + eps), b' = beta + (b - mean) g / sqrt(v + eps).
    /// With <paramref name="tapMajor"/> the weight is laid out [kernel * kernel * C, O] for a matrix product.
    /// </summary>
    private (string Weight, string Bias) Folded(string module, string norm, int inputs, ConvolutionGeometry geometry, bool hasBias, bool tapMajor = false)
    {
        int outputs = geometry.Outputs, taps = geometry.Kernel * geometry.Kernel;
        string weight = $"{module}.weight", bias = $"{module}.bias";
        graph.Weight(weight, tapMajor ? [taps * inputs, outputs] : [outputs, inputs, geometry.Kernel, geometry.Kernel], values =>
        {
            read(weight, values);
            double[] scale = Scale(norm, outputs);
            for (int o = 0; o < outputs; o++)
            {
                foreach (ref float value in values.Slice(o * inputs * taps, inputs * taps))
                    value = (float)(value * scale[o]);
            }
            if (tapMajor)
                GatherDeformConv.ToTapMajor(values, outputs, inputs, taps);
        });
        graph.Weight(bias, [outputs], values =>
        {
            double[] scale = Scale(norm, outputs);
            float[] mean = ReadVector($"{norm}.running_mean", outputs), beta = ReadVector($"{norm}.bias", outputs);
            float[] own = hasBias ? ReadVector(bias, outputs) : new float[outputs];
            for (int o = 0; o < outputs; o++)
                values[o] = (float)(beta[o] + (((double)own[o] - mean[o]) * scale[o]));
        });
        return (weight, bias);
    }

    private double[] Scale(string norm, int count)
    {
        float[] gamma = ReadVector($"{norm}.weight", count), variance = ReadVector($"{norm}.running_var", count);
        return [.. gamma.Zip(variance, (g, v) => g / Math.Sqrt(v + BatchNormEpsilon))];
    }

    private float[] ReadVector(string name, int count)
    {
        var values = new float[count];
        read(name, values);
        return values;
    }
}
