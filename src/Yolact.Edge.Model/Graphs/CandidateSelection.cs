using Yolact.Edge.Model.Configs;
using Yolact.Edge.Model.Onnx;
using DataType = Yolact.Edge.Model.Onnx.Format.TensorProto.Types.DataType;

namespace Yolact.Edge.Model.Graphs;

/// <summary>
/// Softmax, and the best priors by their best foreground probability. Everything later needs only these rows, so little data leaves the
/// engine. What is not selected here has a best probability below the floor, unless the overflow flag says otherwise.
/// </summary>
internal static class CandidateSelection
{
    /// <summary>The largest K that TensorRT's TopK takes.</summary>
    public const int MaxCandidates = 3839;

    /// <summary>Adds the selection and its outputs.</summary>
    /// <param name="network">Where to.</param>
    /// <param name="rows">[N, 4 + (C + 1) + D].</param>
    /// <returns>Class probabilities of all priors, [N, C + 1].</returns>
    public static Tensor Add(NetworkBuilder network, Tensor rows)
    {
        GraphBuilder graph = network.Graph;
        YolactConfig config = network.Config;
        int priors = (int)rows.Shape[0], classes = config.ClassesWithBackground, count = Math.Min(MaxCandidates, priors);

        Tensor logits = graph.Slice("conf_logits.rows", rows, 1, 4, 4 + classes);
        Tensor probabilities = graph.Node("Softmax", "conf.rows", DataType.Float, logits.Shape, [logits.Name], GraphBuilder.Int("axis", 1));
        Tensor best = graph.MaxOfLast("best", graph.Slice("foreground", probabilities, 1, 1, classes));
        var values = new Tensor("top.values", DataType.Float, [count]);
        var indices = new Tensor(ModelOutputs.PriorIndex, DataType.Int64, [count]);
        graph.AddNode("TopK", "top", [best.Name, graph.Longs("top.k", count)], [values, indices],
            GraphBuilder.Int("axis", 0), GraphBuilder.Int("largest", 1), GraphBuilder.Int("sorted", 1));

        Tensor candidates = graph.Gather("candidates", rows, indices);
        Tensor[] parts = graph.Split(candidates, 1, (ModelOutputs.BoxRegression, 4), ("candidate_logits", classes),
            ("mask_coefficient_logits", config.Prototypes.Count));
        graph.Output(indices);
        graph.Output(graph.Gather(ModelOutputs.ClassProbability, probabilities, indices));
        graph.Output(parts[0]);
        graph.Output(graph.Unary("Tanh", ModelOutputs.MaskCoefficient, parts[2]));
        Tensor last = count < priors
            ? graph.Slice(ModelOutputs.Overflow, values, 0, count - 1, count)
            : graph.Node("Identity", ModelOutputs.Overflow, DataType.Float, [1], [graph.Constant(Initializer.Of("no_overflow", [0f], 1))]);
        graph.Output(last);
        return probabilities;
    }
}
