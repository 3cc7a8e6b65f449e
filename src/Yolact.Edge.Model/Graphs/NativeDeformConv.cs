using Yolact.Edge.Model.Onnx;

namespace Yolact.Edge.Model.Graphs;

/// <summary>The deformable convolution as ONNX's DeformConv: offsets y first, interleaved by tap, as DCNv2 has them.</summary>
internal static class NativeDeformConv
{
    /// <param name="graph">Where to.</param>
    /// <param name="module">Name of the convolution.</param>
    /// <param name="x">[1, C, H, W].</param>
    /// <param name="raw">[1, 27, H', W']: 18 offsets, 9 modulation logits.</param>
    /// <param name="weight">Name of [O, C, 3, 3].</param>
    /// <param name="bias">Name of [O]; always present, since some parsers want it.</param>
    /// <param name="geometry">Output channels, kernel, stride, padding.</param>
    public static Tensor Add(GraphBuilder graph, string module, Tensor x, Tensor raw, string weight, string bias, ConvolutionGeometry geometry)
    {
        Tensor[] parts = graph.Split(raw, 1, ($"{module}.offset", 18), ($"{module}.modulation_logit", 9));
        Tensor modulation = graph.Unary("Sigmoid", $"{module}.modulation", parts[1]);
        return graph.Node("DeformConv", module, x.Type, geometry.OutputShape(x),
            [x.Name, weight, parts[0].Name, bias, modulation.Name],
            [.. geometry.Attributes(), GraphBuilder.Ints("dilations", 1, 1), GraphBuilder.Int("group", 1), GraphBuilder.Int("offset_group", 1)]);
    }
}
