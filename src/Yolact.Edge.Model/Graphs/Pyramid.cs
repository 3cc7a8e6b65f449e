using Yolact.Edge.Model.Onnx;

namespace Yolact.Edge.Model.Graphs;

/// <summary>The feature pyramid (yolact.py:265-361 of dbolya/yolact). Modules are stored deepest level first.</summary>
internal static class Pyramid
{
    /// <summary>Adds the pyramid.</summary>
    /// <param name="network">Where to.</param>
    /// <param name="stages">Outputs of all backbone stages.</param>
    /// <returns>P3, P4, P5 (with ReLU), then the extra levels (without).</returns>
    public static IReadOnlyList<Tensor> Add(NetworkBuilder network, IReadOnlyList<Tensor> stages)
    {
        GraphBuilder graph = network.Graph;
        int channels = network.Config.Pyramid.Channels;
        IReadOnlyList<int> selected = network.Config.Backbone.SelectedStages;
        var levels = new Tensor[selected.Count];
        Tensor? above = null;
        for (int k = 0; k < selected.Count; k++)
        {
            Tensor feature = stages[selected[^(k + 1)]];
            Tensor merged = network.Convolution($"fpn.lat_layers.{k}", feature, ConvolutionGeometry.Same(channels, 1));
            if (above is { } top)
                merged = graph.Add($"fpn.sum.{k}", graph.Bilinear($"fpn.upsample.{k}", top, feature.Height), merged);
            // The raw sum runs on; the 3x3 and its ReLU do not feed the levels below.
            above = merged;
            Tensor level = network.Convolution($"fpn.pred_layers.{k}", merged, ConvolutionGeometry.Same(channels, 3));
            levels[^(k + 1)] = graph.Relu($"fpn.pred_layers.{k}.relu", level);
        }
        List<Tensor> all = [.. levels];
        for (int k = 0; k < network.Config.Pyramid.ExtraLevels; k++)
            all.Add(network.Convolution($"fpn.downsample_layers.{k}", all[^1], ConvolutionGeometry.Same(channels, 3, 2)));
        return all;
    }
}
