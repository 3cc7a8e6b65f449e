using Yolact.Edge.Model.Anchors;
using Yolact.Edge.Model.Onnx;
using DataType = Yolact.Edge.Model.Onnx.Format.TensorProto.Types.DataType;

namespace Yolact.Edge.Model.Graphs;

/// <summary>
/// The mask re-scoring network of YOLACT++ (section 6.2 of the paper; yolact.py:363-375 of dbolya/yolact): stride-2 3x3 convolutions without
/// padding on the cropped soft mask, a 1x1 to the classes, ReLU after each, and a global maximum.
/// </summary>
internal static class RescoringGraph
{
    /// <summary>Adds the network; its config must have one.</summary>
    public static void Add(NetworkBuilder network)
    {
        GraphBuilder graph = network.Graph;
        IReadOnlyList<int> channels = network.Config.MaskRescoring!.Channels;
        int side = FeatureLevels.Prototype(network.Config);
        Tensor x = graph.Input(ModelOutputs.Mask, DataType.Float, RescoringBatch.Default, 1, side, side);
        x = graph.ToCompute("mask.compute", x);
        for (int k = 0; k < channels.Count; k++)
            x = Convolution(network, 2 * k, x, new ConvolutionGeometry(channels[k], 3, 2));
        x = Convolution(network, 2 * channels.Count, x, new ConvolutionGeometry(network.Config.Classes.Count, 1));
        Tensor peak = graph.ToFloat("peak.float", graph.Node("GlobalMaxPool", "peak", x.Type, [x.Shape[0], x.Channels, 1, 1], [x.Name]));
        graph.Output(graph.Reshape(ModelOutputs.MaskIou, peak, peak.Shape[0], x.Channels));
    }

    // The published modules carry the name twice.
    private static Tensor Convolution(NetworkBuilder network, int index, Tensor x, ConvolutionGeometry geometry)
    {
        string module = $"maskiou_net.maskiou_net.{index}";
        return network.Graph.Relu($"{module}.relu", network.Convolution(module, x, geometry));
    }
}
