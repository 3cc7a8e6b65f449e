using Yolact.Edge.Model.Configs;
using Yolact.Edge.Model.Onnx;

namespace Yolact.Edge.Model.Graphs;

/// <summary>
/// The prediction head, shared by all levels (yolact.py:151-193 of dbolya/yolact). Its three last convolutions are one here, with the
/// output channels of each anchor side by side: box regression (4), class logits (C + 1), mask coefficients before tanh (D).
/// One product instead of three, one reordering, and a candidate is one contiguous row.
/// </summary>
internal static class PredictionHead
{
    private const string Module = "prediction_layers.0";

    /// <returns>One row a prior, levels in order: [N, 4 + (C + 1) + D].</returns>
    public static Tensor Add(NetworkBuilder network, IReadOnlyList<Tensor> levels)
    {
        GraphBuilder graph = network.Graph;
        YolactConfig config = network.Config;
        int anchors = config.Anchors.PerCell, row = RowLength(config), channels = config.Pyramid.Channels;
        string weight = $"{Module}.weight", bias = $"{Module}.bias";
        graph.Weight(weight, [anchors * row, channels, 3, 3], values => Interleave(network, "weight", values, channels * 9));
        graph.Weight(bias, [anchors * row], values => Interleave(network, "bias", values, 1));

        var rows = new List<Tensor>();
        for (int k = 0; k < levels.Count; k++)
        {
            Tensor x = network.Convolution($"{Module}.upfeature.P{k + 3}", $"{Module}.upfeature.0", levels[k], ConvolutionGeometry.Same(channels, 3));
            x = graph.Relu($"{Module}.upfeature.P{k + 3}.relu", x);
            x = graph.Convolution($"{Module}.P{k + 3}", x, weight, bias, ConvolutionGeometry.Same(anchors * row, 3));
            Tensor last = graph.Transpose($"{Module}.P{k + 3}.channels_last", x, 0, 2, 3, 1);
            rows.Add(graph.Reshape($"{Module}.P{k + 3}.rows", last, x.Height * x.Width * anchors, row));
        }
        return graph.Concat("rows", rows, 0);
    }

    /// <summary>Values of one prior.</summary>
    public static int RowLength(YolactConfig config) => 4 + config.ClassesWithBackground + config.Prototypes.Count;

    // The checkpoint's channels are anchor-major in each convolution: channel = anchor * K + k.
    private static void Interleave(NetworkBuilder network, string kind, Span<float> values, int size)
    {
        YolactConfig config = network.Config;
        int anchors = config.Anchors.PerCell, row = RowLength(config), start = 0;
        foreach ((string layer, int length) in (ReadOnlySpan<(string, int)>)
            [("bbox_layer", 4), ("conf_layer", config.ClassesWithBackground), ("mask_layer", config.Prototypes.Count)])
        {
            var source = new float[anchors * length * size];
            network.Read($"{Module}.{layer}.{kind}", source);
            for (int anchor = 0; anchor < anchors; anchor++)
                source.AsSpan(anchor * length * size, length * size).CopyTo(values[(((anchor * row) + start) * size)..]);
            start += length;
        }
    }
}
