using Yolact.Edge.Model.Onnx;

namespace Yolact.Edge.Model.Graphs;

/// <summary>The prototype network on P3 (config.py:691 of dbolya/yolact): ReLU after every convolution, the last one included.</summary>
internal static class PrototypeNetwork
{
    /// <returns>[1, D, 2 H, 2 W].</returns>
    public static Tensor Add(NetworkBuilder network, Tensor level)
    {
        GraphBuilder graph = network.Graph;
        int channels = network.Config.Prototypes.Channels;
        Tensor x = level;
        foreach (int index in (ReadOnlySpan<int>)[0, 2, 4])
            x = Convolution(network, index, x, ConvolutionGeometry.Same(channels, 3));
        x = graph.Bilinear("proto_net.6", x, 2 * level.Height);
        x = Convolution(network, 8, x, ConvolutionGeometry.Same(channels, 3));
        return Convolution(network, 10, x, ConvolutionGeometry.Same(network.Config.Prototypes.Count, 1));
    }

    private static Tensor Convolution(NetworkBuilder network, int index, Tensor x, ConvolutionGeometry geometry) =>
        network.Graph.Relu($"proto_net.{index + 1}", network.Convolution($"proto_net.{index}", x, geometry));
}
