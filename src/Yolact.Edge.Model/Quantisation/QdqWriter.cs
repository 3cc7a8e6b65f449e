using System.Collections.Immutable;
using System.Runtime.InteropServices;
using Google.Protobuf;
using Yolact.Edge.Model.Onnx;
using Yolact.Edge.Model.Onnx.Format;
using DataType = Yolact.Edge.Model.Onnx.Format.TensorProto.Types.DataType;

namespace Yolact.Edge.Model.Quantisation;

/// <summary>
/// Writes the steps of a plan into a graph: QuantizeLinear and DequantizeLinear around what is computed in int8 ("QDQ"), from which an engine
/// makes its integer kernels. Every value keeps its name for those who take it: in front of them stand NAME.float, as computed, and NAME.q, in
/// 8 bits.
/// </summary>
/// <param name="model">The graph, with weights; it is changed.</param>
/// <param name="plan">Made of the same graph.</param>
/// <param name="options">The options of the plan.</param>
/// <param name="ranges">By group, one range or one a channel.</param>
internal sealed class QdqWriter(
    ModelProto model, QuantisationPlan plan, QuantisationOptions options, IReadOnlyDictionary<string, IReadOnlyList<ValueRange>> ranges)
{
    // A bias of at most this many steps leaves room in 32 bits for the sum that it is added to.
    private const double MaxBiasSteps = 1 << 30;

    private readonly GraphProto _graph = model.Graph;
    private readonly GraphIndex _index = new(model.Graph);
    private readonly Dictionary<string, AffineScale> _scales = new(StringComparer.Ordinal);
    private readonly Dictionary<string, List<NodeProto>> _behind = new(StringComparer.Ordinal);
    private readonly List<NodeProto> _first = [];

    /// <summary>Changes the graph.</summary>
    public void Write()
    {
        foreach (string value in plan.Values)
            _scales[value] = AffineScale.For(ranges[plan.SameAs.GetValueOrDefault(value, value)][0], options.Target);
        foreach (IGrouping<string, QuantisationPlan.Int8Node> group in plan.Nodes.Where(node => node.Node.OpType == "Conv").GroupBy(node => node.Node.Input[1]))
            Convolutions(group.Key, [.. group]);
        foreach (string value in plan.Values)
            Quantise(value);
        Reorder();
        GraphPruning.Prune(_graph);
    }

    private void Convolutions(string weight, QuantisationPlan.Int8Node[] nodes)
    {
        TensorProto constant = _index.ConstantOf(weight)!;
        int outputs = (int)constant.Dims[0];
        Levels levels = plan.Levelled.Contains(nodes[0]) ? Levels.Of(ranges[weight], nodes[0].HasRelu) : Levels.None(outputs);
        double finest = nodes.Min(node => _scales[node.Inputs[0]].Scale);
        var smallest = new double[outputs];
        foreach (QuantisationPlan.Int8Node node in nodes.Where(node => node.Node.Input.Count > 2))
        {
            float[] bias = GraphIndex.Floats(_index.ConstantOf(node.Node.Input[2])!);
            for (int o = 0; o < outputs; o++)
                smallest[o] = Math.Max(smallest[o], Math.Abs(bias[o] - levels.Middle[o]) / (finest * MaxBiasSteps));
        }
        QuantisedWeight quantised = QuantisedWeight.Of(GraphIndex.Floats(constant), outputs, options.WeightBits, smallest);
        float[] scales = [.. quantised.Scales.Zip(levels.Gain, (scale, gain) => scale * gain)];
        string name = $"{weight}.dequantised";
        ImmutableArray<long> shape = [.. constant.Dims];
        Constant($"{weight}.q", DataType.Int8, MemoryMarshal.AsBytes(quantised.Numbers.AsSpan()), shape);
        Constant($"{weight}.scale", DataType.Float, MemoryMarshal.AsBytes(scales.AsSpan()), outputs);
        Constant($"{weight}.zero", DataType.Int8, new byte[outputs], outputs);
        _first.Add(Node("DequantizeLinear", name, [$"{weight}.q", $"{weight}.scale", $"{weight}.zero"], name, GraphBuilder.Int("axis", 0)));
        Describe(name, DataType.Float, shape);
        foreach (QuantisationPlan.Int8Node node in nodes)
        {
            node.Node.Input[1] = name;
            if (node.Node.Input.Count > 2 && options.Target == QuantisationTarget.Cpu)
                Bias(node, scales, levels);
            if (plan.Levelled.Contains(node))
                Level(node, levels);
        }
    }

    // In steps of the product of both scales, so that it can be added to the integer sum as it is.
    private void Bias(QuantisationPlan.Int8Node node, float[] weightScales, Levels levels)
    {
        float[] bias = GraphIndex.Floats(_index.ConstantOf(node.Node.Input[2])!);
        float input = _scales[node.Inputs[0]].Scale;
        float[] scales = [.. weightScales.Select(scale => input * scale)];
        var steps = new int[bias.Length];
        for (int o = 0; o < bias.Length; o++)
            steps[o] = (int)Math.Clamp(Math.Round((bias[o] - levels.Middle[o]) * (double)levels.Gain[o] / scales[o]), int.MinValue, int.MaxValue);
        string name = $"{node.Node.Name}.bias.dequantised";
        Constant($"{node.Node.Name}.bias.q", DataType.Int32, MemoryMarshal.AsBytes(steps.AsSpan()), bias.Length);
        Constant($"{node.Node.Name}.bias.scale", DataType.Float, MemoryMarshal.AsBytes(scales.AsSpan()), bias.Length);
        _first.Add(Node("DequantizeLinear", name, [$"{node.Node.Name}.bias.q", $"{node.Node.Name}.bias.scale"], name, GraphBuilder.Int("axis", 0)));
        Describe(name, DataType.Float, [bias.Length]);
        node.Node.Input[2] = name;
    }

    // Behind the dequantised result: what the weights' scales took in is given back.
    private void Level(QuantisationPlan.Int8Node node, Levels levels)
    {
        string value = node.Value;
        ImmutableArray<long> shape = _index.ShapeOf(value);
        NodeProto last = Rename(value, $"{value}.float");
        AffineScale scale = AffineScale.For(levels.Range, options.Target);
        List<NodeProto> behind = Behind(last);
        string levelled = $"{value}.levelled";
        behind.AddRange(Pair(value, $"{value}.float", levelled, scale, shape));
        Describe(levelled, DataType.Float, shape);
        string spread = levels.HasMiddle ? $"{value}.spread" : value;
        Constant($"{value}.spread.factor", DataType.Float, MemoryMarshal.AsBytes(levels.Gain.Select(gain => 1 / gain).ToArray().AsSpan()), 1, levels.Gain.Length, 1, 1);
        behind.Add(Node("Mul", $"{value}.spread", [levelled, $"{value}.spread.factor"], spread));
        if (!levels.HasMiddle)
            return;
        Describe(spread, DataType.Float, shape);
        Constant($"{value}.middle", DataType.Float, MemoryMarshal.AsBytes(levels.Middle.AsSpan()), 1, levels.Middle.Length, 1, 1);
        behind.Add(Node("Add", $"{value}.placed", [spread, $"{value}.middle"], value));
    }

    private void Quantise(string value)
    {
        ImmutableArray<long> shape = _index.ShapeOf(value);
        if (_index.ProducerOf(value) is null)
        {
            // An input of the graph: its name belongs to whoever feeds it.
            string inner = $"{value}.dequantised";
            foreach (NodeProto consumer in _index.ConsumersOf(value))
                consumer.Input[consumer.Input.IndexOf(value)] = inner;
            _first.AddRange(Pair(value, value, inner, _scales[value], shape));
            Describe(inner, DataType.Float, shape);
            return;
        }
        Behind(Rename(value, $"{value}.float")).InsertRange(0, Pair(value, $"{value}.float", value, _scales[value], shape));
    }

    private IEnumerable<NodeProto> Pair(string name, string from, string to, AffineScale scale, ImmutableArray<long> shape)
    {
        DataType type = options.Target == QuantisationTarget.Cpu ? DataType.Uint8 : DataType.Int8;
        Constant($"{name}.scale", DataType.Float, MemoryMarshal.AsBytes<float>([scale.Scale]));
        Constant($"{name}.zero", type, [(byte)scale.Zero]);
        Describe($"{name}.q", type, shape);
        yield return Node("QuantizeLinear", $"{name}.q", [from, $"{name}.scale", $"{name}.zero"], $"{name}.q");
        yield return Node("DequantizeLinear", $"{name}.dq", [$"{name}.q", $"{name}.scale", $"{name}.zero"], to);
    }

    private NodeProto Rename(string value, string name)
    {
        NodeProto producer = _index.ProducerOf(value)!;
        producer.Output[producer.Output.IndexOf(value)] = name;
        Describe(name, DataType.Float, _index.ShapeOf(value));
        return producer;
    }

    private List<NodeProto> Behind(NodeProto node) => CollectionsMarshal.GetValueRefOrAddDefault(_behind, node.Name, out _) ??= [];

    private void Reorder()
    {
        NodeProto[] nodes = [.. _first, .. _graph.Node.SelectMany(node => (IEnumerable<NodeProto>)[node, .. _behind.GetValueOrDefault(node.Name, [])])];
        _graph.Node.Clear();
        _graph.Node.AddRange(nodes);
    }

    private static NodeProto Node(string operation, string name, IEnumerable<string> inputs, string output, params ReadOnlySpan<AttributeProto> attributes)
    {
        var node = new NodeProto { OpType = operation, Name = name, Output = { output } };
        node.Input.AddRange(inputs);
        foreach (AttributeProto attribute in attributes)
            node.Attribute.Add(attribute);
        return node;
    }

    private void Constant(string name, DataType type, ReadOnlySpan<byte> bytes, params ImmutableArray<long> shape)
    {
        var constant = new TensorProto { Name = name, DataType = (int)type, RawData = ByteString.CopyFrom(bytes) };
        constant.Dims.AddRange(shape);
        _graph.Initializer.Add(constant);
    }

    private void Describe(string name, DataType type, ImmutableArray<long> shape) => _graph.ValueInfo.Add(GraphBuilder.Describe(new Tensor(name, type, shape)));

    /// <summary>How the channels of a result are brought to one range: (x - middle) gain.</summary>
    private sealed record Levels(float[] Middle, float[] Gain, ValueRange Range, bool HasMiddle)
    {
        private const float SmallestWidth = 1e-6f;

        public static Levels None(int channels) => new(new float[channels], [.. Enumerable.Repeat(1f, channels)], default, false);

        // A ReLU between must not see a shift.
        public static Levels Of(IReadOnlyList<ValueRange> ranges, bool relu) => relu
            ? new(new float[ranges.Count], [.. ranges.Select(range => 1 / Math.Max(range.High, SmallestWidth))], new(0, 1), false)
            : new([.. ranges.Select(range => (range.Low + range.High) / 2)], [.. ranges.Select(range => 2 / Math.Max(range.High - range.Low, SmallestWidth))],
                new(-1, 1), true);
    }
}
