using Yolact.Edge.Model.Configs;
using Yolact.Edge.Model.Onnx;

namespace Yolact.Edge.Model.Graphs;

/// <summary>The feature extractors.</summary>
internal static class Backbone
{
    private const float LeakySlope = 0.1f;

    /// <summary>Adds the backbone of the network's config.</summary>
    /// <param name="network">Where to.</param>
    /// <param name="x">The normalised picture, [1, 3, S, S].</param>
    /// <returns>The output of every stage, shallowest first.</returns>
    public static IReadOnlyList<Tensor> Add(NetworkBuilder network, Tensor x) =>
        network.Config.Backbone.Kind == BackboneKind.Resnet ? Resnet(network, x) : Darknet(network, x);

    private static List<Tensor> Resnet(NetworkBuilder network, Tensor x)
    {
        BackboneConfig config = network.Config.Backbone;
        GraphBuilder graph = network.Graph;
        HashSet<(int, int)> deformable = [.. config.DeformableBlocks()];
        x = network.Normalized("backbone.conv1", "backbone.bn1", x, ConvolutionGeometry.Same(config.Width, 7, 2));
        x = graph.Relu("backbone.relu", x);
        ConvolutionGeometry pool = ConvolutionGeometry.Same(config.Width, 3, 2);
        x = graph.Node("MaxPool", "backbone.maxpool", x.Type, pool.OutputShape(x), [x.Name], pool.Attributes());

        var stages = new List<Tensor>();
        for (int stage = 0; stage < config.Blocks.Count; stage++)
        {
            for (int block = 0; block < config.Blocks[stage]; block++)
            {
                string name = $"backbone.layers.{stage}.{block}";
                int width = config.Width << stage, stride = block == 0 && stage > 0 ? 2 : 1;
                bool deforms = deformable.Contains((stage, block));
                x = config.Block == ResidualBlock.Bottleneck
                    ? Bottleneck(network, name, x, width, stride, deforms)
                    : Basic(network, name, x, width, stride, deforms);
            }
            stages.Add(x);
        }
        return stages;
    }

    // The stride sits on the 3x3 (backbone.py:19-31 of dbolya/yolact), as in torchvision's ResNet "v1.5".
    private static Tensor Bottleneck(NetworkBuilder network, string name, Tensor x, int width, int stride, bool deforms)
    {
        GraphBuilder graph = network.Graph;
        Tensor y = network.Normalized($"{name}.conv1", $"{name}.bn1", x, ConvolutionGeometry.Same(width, 1));
        y = graph.Relu($"{name}.relu1", y);
        y = Spatial(network, name, y, width, stride, deforms);
        y = graph.Relu($"{name}.relu2", y);
        y = network.Normalized($"{name}.conv3", $"{name}.bn3", y, ConvolutionGeometry.Same(4 * width, 1));
        return Residual(network, name, x, y, stride);
    }

    private static Tensor Basic(NetworkBuilder network, string name, Tensor x, int width, int stride, bool deforms)
    {
        GraphBuilder graph = network.Graph;
        Tensor y = network.Normalized($"{name}.conv1", $"{name}.bn1", x, ConvolutionGeometry.Same(width, 3, stride));
        y = graph.Relu($"{name}.relu1", y);
        y = Spatial(network, name, y, width, 1, deforms);
        return Residual(network, name, x, y, stride);
    }

    private static Tensor Spatial(NetworkBuilder network, string name, Tensor x, int width, int stride, bool deforms)
    {
        ConvolutionGeometry geometry = ConvolutionGeometry.Same(width, 3, stride);
        return deforms
            ? network.NormalizedDeformable($"{name}.conv2", $"{name}.bn2", x, geometry)
            : network.Normalized($"{name}.conv2", $"{name}.bn2", x, geometry);
    }

    private static Tensor Residual(NetworkBuilder network, string name, Tensor x, Tensor y, int stride)
    {
        if (stride != 1 || x.Channels != y.Channels)
        {
            x = network.Normalized($"{name}.downsample.0", $"{name}.downsample.1", x, ConvolutionGeometry.Same(y.Channels, 1, stride));
        }
        return network.Graph.Relu($"{name}.relu", network.Graph.Add($"{name}.sum", y, x));
    }

    private static List<Tensor> Darknet(NetworkBuilder network, Tensor x)
    {
        BackboneConfig config = network.Config.Backbone;
        x = Leaky(network, "backbone._preconv", x, ConvolutionGeometry.Same(config.Width / 2, 3));
        var stages = new List<Tensor>();
        for (int stage = 0; stage < config.Blocks.Count; stage++)
        {
            int width = config.Width << stage;
            x = Leaky(network, $"backbone.layers.{stage}.0", x, ConvolutionGeometry.Same(width, 3, 2));
            for (int block = 1; block <= config.Blocks[stage]; block++)
            {
                string name = $"backbone.layers.{stage}.{block}";
                Tensor y = Leaky(network, $"{name}.conv1", x, ConvolutionGeometry.Same(width / 2, 1));
                y = Leaky(network, $"{name}.conv2", y, ConvolutionGeometry.Same(width, 3));
                x = network.Graph.Add($"{name}.sum", y, x); // no activation after the sum
            }
            stages.Add(x);
        }
        return stages;
    }

    private static Tensor Leaky(NetworkBuilder network, string name, Tensor x, ConvolutionGeometry geometry)
    {
        x = network.Normalized($"{name}.0", $"{name}.1", x, geometry);
        return network.Graph.Node("LeakyRelu", $"{name}.2", x.Type, x.Shape, [x.Name], GraphBuilder.Float("alpha", LeakySlope));
    }
}
