using Yolact.Edge.Model.Configs;
using Yolact.Edge.Model.Onnx;
using DataType = Yolact.Edge.Model.Onnx.Format.TensorProto.Types.DataType;

namespace Yolact.Edge.Model.Graphs;

/// <summary>The main graph: picture in, candidates and prototypes out.</summary>
internal static class YolactGraph
{
    /// <summary>Means of the three channels in RGB order, 0..255 (config.py:27 of dbolya/yolact, which lists BGR).</summary>
    private static readonly float[] Mean = [123.68f, 116.78f, 103.94f];

    /// <summary>Standard deviations in RGB order (config.py:28).</summary>
    private static readonly float[] Deviation = [58.40f, 57.12f, 57.38f];

    /// <summary>Adds the network.</summary>
    /// <param name="network">Where to.</param>
    /// <param name="input">Form of the picture.</param>
    /// <param name="taps">Whether inner values become outputs too, under the names of the reference data.</param>
    public static void Add(NetworkBuilder network, InputForm input, bool taps)
    {
        GraphBuilder graph = network.Graph;
        YolactConfig config = network.Config;
        Tensor x = Normalize(graph, config, Image(graph, config, input));
        IReadOnlyList<Tensor> stages = Backbone.Add(network, graph.ToCompute("input.compute", x));
        IReadOnlyList<Tensor> levels = Pyramid.Add(network, stages);
        Tensor prototype = PrototypeNetwork.Add(network, levels[0]);
        graph.Output(ModelOutputs.Prototype, prototype);
        // From here on in float32 whatever the network computes in: probabilities are compared, and half precision would tie them.
        Tensor rows = graph.ToFloat("rows.float", PredictionHead.Add(network, levels));
        Tensor probabilities = CandidateSelection.Add(network, rows);
        if (taps)
            Tap(graph, config, x, stages, levels, prototype, rows, probabilities);
    }

    private static Tensor Image(GraphBuilder graph, YolactConfig config, InputForm input)
    {
        int side = config.InputSize;
        if (input == InputForm.Float)
            return graph.Input(ModelOutputs.Image, DataType.Float, 1, 3, side, side);
        Tensor pixels = graph.Input(ModelOutputs.Image, DataType.Uint8, 1, side, side, 3);
        return graph.Transpose("image.planes", graph.Cast("image.float", pixels, DataType.Float), 0, 3, 1, 2);
    }

    private static Tensor Normalize(GraphBuilder graph, YolactConfig config, Tensor x)
    {
        if (config.Normalization == Normalization.Unit)
            return graph.Binary("Div", "input", x, graph.Constant(Initializer.Of("unit", [255f], 1)), x.Shape);
        Tensor centred = graph.Binary("Sub", "image.centred", x, graph.Constant(Initializer.Of("mean", Mean, 1, 3, 1, 1)), x.Shape);
        return graph.Binary("Div", "input", centred, graph.Constant(Initializer.Of("deviation", Deviation, 1, 3, 1, 1)), x.Shape);
    }

    private static void Tap(GraphBuilder graph, YolactConfig config, Tensor input, IReadOnlyList<Tensor> stages,
        IReadOnlyList<Tensor> levels, Tensor prototype, Tensor rows, Tensor probabilities)
    {
        graph.Output(input);
        // C_n and P_n have stride 2^n: the first ResNet stage is C2, the first Darknet stage C1.
        int first = config.Backbone.Kind == BackboneKind.Resnet ? 2 : 1;
        for (int stage = 0; stage < stages.Count; stage++)
            graph.Output($"C{stage + first}", stages[stage]);
        for (int level = 0; level < levels.Count; level++)
            graph.Output($"P{level + config.Backbone.SelectedStages[0] + first}", levels[level]);
        graph.Output(graph.Transpose("proto", graph.ToFloat("proto.float", prototype), 0, 2, 3, 1));

        long priors = rows.Shape[0], classes = config.ClassesWithBackground;
        Tensor[] parts = graph.Split(rows, 1, ("loc.rows", 4), ("conf_logits.tap", classes), ("coeff_logits.rows", config.Prototypes.Count));
        graph.Output(graph.Reshape("loc", parts[0], 1, priors, 4));
        graph.Output(graph.Reshape("conf_logits", parts[1], 1, priors, classes));
        graph.Output(graph.Reshape("conf", probabilities, 1, priors, classes));
        graph.Output(graph.Reshape("coeff", graph.Unary("Tanh", "coeff.rows", parts[2]), 1, priors, config.Prototypes.Count));
    }
}
