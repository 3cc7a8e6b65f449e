using Yolact.Edge.Model.Onnx;
using Yolact.Edge.Model.Onnx.Format;

namespace Yolact.Edge.Model.Quantisation;

/// <summary>
/// Which nodes of a graph are computed in int8, which values get a range for that, and what stays in floats and why. Told from the graph's
/// structure: convolutions with constant weights, and what joins or moves their results without leaving int8.
/// </summary>
internal sealed class QuantisationPlan
{
    private readonly GraphIndex _index;
    private readonly QuantisationOptions _options;
    private readonly Dictionary<string, Int8Node> _byValue = new(StringComparer.Ordinal);

    private QuantisationPlan(GraphIndex index, QuantisationOptions options) => (_index, _options) = (index, options);

    /// <summary>A node that is computed in int8.</summary>
    /// <param name="Node">The node.</param>
    /// <param name="Inputs">Its inputs that are activations.</param>
    /// <param name="Value">Its result, behind the ReLU where one follows.</param>
    public sealed record Int8Node(NodeProto Node, IReadOnlyList<string> Inputs, string Value)
    {
        /// <summary>True where a ReLU follows.</summary>
        public bool HasRelu => Value != Node.Output[0];
    }

    /// <summary>Nodes in int8, in the graph's order.</summary>
    public List<Int8Node> Nodes { get; } = [];

    /// <summary>Values that are quantised with one scale, in order of first use.</summary>
    public List<string> Values { get; } = [];

    /// <summary>Values that take the range of another one, which they are picked from.</summary>
    public Dictionary<string, string> SameAs { get; } = new(StringComparer.Ordinal);

    /// <summary>
    /// Convolutions whose result leaves int8: its channels mean different things (box offsets, logits, prototypes), so each gets a range of its
    /// own. Their weights' scales absorb the differences, and what follows undoes them.
    /// </summary>
    public List<Int8Node> Levelled { get; } = [];

    /// <summary>What stays in floats.</summary>
    public List<KeptOperators> Kept { get; } = [];

    /// <summary>Makes the plan.</summary>
    public static QuantisationPlan Of(GraphProto graph, QuantisationOptions options)
    {
        var plan = new QuantisationPlan(new GraphIndex(graph), options);
        var reasons = new List<(string Operator, string Reason)>();
        foreach (NodeProto node in graph.Node)
        {
            if (plan.TryTake(node, out string? reason))
                continue;
            if (reason is not null)
                reasons.Add((node.OpType, reason));
        }
        plan.ChooseValues();
        plan.Kept.AddRange(reasons.GroupBy(one => one).Select(group => new KeptOperators(group.Key.Operator, group.Count(), group.Key.Reason)));
        return plan;
    }

    /// <summary>The values whose range calibration has to find.</summary>
    public IReadOnlyList<CalibratedValue> Calibrated() =>
    [
        .. Values.Where(value => !SameAs.ContainsKey(value)).Select(value => new CalibratedValue(value, value, 1)),
        .. Levelled.Select(one => new CalibratedValue(one.Value, one.Node.Input[1], (int)_index.ShapeOf(one.Value)[1])),
    ];

    private bool TryTake(NodeProto node, out string? reason)
    {
        reason = ReasonToKeep(node);
        bool moves = node.OpType is "MaxPool";
        IReadOnlyList<string>? inputs = node.OpType switch
        {
            "Conv" when _index.ConstantOf(node.Input[1]) is not null => [node.Input[0]],
            "Add" when node.Input.All(_index.IsFloatActivation) && node.Input.Any(_byValue.ContainsKey)
                && _index.ShapeOf(node.Input[0]).SequenceEqual(_index.ShapeOf(node.Input[1])) => [.. node.Input],
            "MaxPool" or "LeakyRelu" when _byValue.ContainsKey(node.Input[0]) => [node.Input[0]],
            _ => null,
        };
        if (inputs is null || (node.OpType == "LeakyRelu" && _options.Target == QuantisationTarget.TensorRt))
            return false;
        if (_options.Keep.Any(prefix => node.Name.StartsWith(prefix, StringComparison.Ordinal)))
            reason = "asked for with --keep";
        if (reason is not null)
            return false;
        var taken = new Int8Node(node, inputs, moves ? node.Output[0] : BehindRelu(node.Output[0]));
        Nodes.Add(taken);
        _byValue[taken.Value] = taken;
        if (moves)
            SameAs[taken.Value] = SameAs.GetValueOrDefault(inputs[0], inputs[0]);
        return true;
    }

    // Only what computes: moving data costs no precision.
    private static string? ReasonToKeep(NodeProto node) => node.OpType switch
    {
        "DeformConv" => "the CPU provider has no int8 kernel of it, and TensorRT's parser takes it in FP32 and FP16 alone",
        "MatMul" => "the gather form of a deformable convolution: its products are of sampled floats",
        "Softmax" => "probabilities near 0 and 1 need finer steps than 8 bits have",
        "TopK" or "ReduceMax" => "ranks floats: equal steps would tie",
        "Tanh" or "Sigmoid" => "bends floats; small beside the convolutions",
        "Resize" => "interpolates floats; in int8 every level would be rounded once more",
        "Sub" or "Div" when node.Name is "image.centred" or "input" => "normalises the picture, whose pixels must not be rounded",
        _ => null,
    };

    private void ChooseValues()
    {
        HashSet<string> chosen = [];
        HashSet<string> taken = [.. Nodes.SelectMany(node => node.Inputs)];
        Dictionary<string, int> users = Nodes.Where(IsConvolution).CountBy(node => node.Node.Input[1]).ToDictionary();
        bool cpu = _options.Target == QuantisationTarget.Cpu;
        HashSet<string> levelled =
        [
            .. Nodes.Where(node => IsConvolution(node) && !taken.Contains(node.Value)).GroupBy(node => node.Node.Input[1])
                .Where(group => cpu && group.Count() == users[group.Key]).SelectMany(group => group).Select(node => node.Value),
        ];
        foreach (Int8Node node in Nodes)
        {
            foreach (string input in node.Inputs.Where(chosen.Add))
                Values.Add(input);
            if (levelled.Contains(node.Value))
                Levelled.Add(node);
            else if ((cpu || taken.Contains(node.Value)) && chosen.Add(node.Value))
                Values.Add(node.Value);
        }
        // What is not quantised itself has no range to lend.
        foreach (string value in SameAs.Keys.Where(value => !chosen.Contains(value)).ToArray())
            SameAs.Remove(value);
    }

    private static bool IsConvolution(Int8Node node) => node.Node.OpType == "Conv";

    private string BehindRelu(string result) =>
        !_index.IsOutput(result) && _index.ConsumersOf(result) is [{ OpType: "Relu" } relu] ? relu.Output[0] : result;
}
