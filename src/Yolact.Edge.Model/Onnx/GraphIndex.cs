using System.Collections.Immutable;
using System.Runtime.InteropServices;
using Yolact.Edge.Model.Onnx.Format;
using DataType = Yolact.Edge.Model.Onnx.Format.TensorProto.Types.DataType;

namespace Yolact.Edge.Model.Onnx;

/// <summary>Who makes and who takes each value of a finished graph, and what is known of it. A picture of the graph when it was made.</summary>
internal sealed class GraphIndex
{
    private readonly Dictionary<string, NodeProto> _producers = new(StringComparer.Ordinal);
    private readonly Dictionary<string, List<NodeProto>> _consumers = new(StringComparer.Ordinal);
    private readonly Dictionary<string, TensorProto> _constants = new(StringComparer.Ordinal);
    private readonly Dictionary<string, ValueInfoProto> _values = new(StringComparer.Ordinal);
    private readonly HashSet<string> _outputs;

    public GraphIndex(GraphProto graph)
    {
        foreach (NodeProto node in graph.Node)
        {
            foreach (string output in node.Output)
                _producers[output] = node;
            foreach (string input in node.Input.Where(input => input.Length > 0).Distinct())
                (CollectionsMarshal.GetValueRefOrAddDefault(_consumers, input, out _) ??= []).Add(node);
        }
        foreach (TensorProto constant in graph.Initializer)
            _constants[constant.Name] = constant;
        foreach (ValueInfoProto value in graph.Input.Concat(graph.Output).Concat(graph.ValueInfo))
            _values[value.Name] = value;
        _outputs = [.. graph.Output.Select(output => output.Name)];
    }

    /// <summary>The node that makes a value; null for inputs and constants.</summary>
    public NodeProto? ProducerOf(string value) => _producers.GetValueOrDefault(value);

    /// <summary>The nodes that take a value.</summary>
    public IReadOnlyList<NodeProto> ConsumersOf(string value) => _consumers.TryGetValue(value, out List<NodeProto>? nodes) ? nodes : [];

    /// <summary>True for an output of the graph.</summary>
    public bool IsOutput(string value) => _outputs.Contains(value);

    /// <summary>True where the graph has no such input, constant or inner value.</summary>
    public bool IsUnknown(string value) => !_values.ContainsKey(value) && !_constants.ContainsKey(value) && !_producers.ContainsKey(value);

    /// <summary>A constant, seen through the cast of one that is stored in 16 bits; null for anything else.</summary>
    public TensorProto? ConstantOf(string value) => _constants.TryGetValue(value, out TensorProto? constant)
        ? constant
        : ProducerOf(value) is { OpType: "Cast" } cast ? _constants.GetValueOrDefault(cast.Input[0]) : null;

    /// <summary>True for a float32 value that is computed, or goes in: no constant.</summary>
    public bool IsFloatActivation(string value) => ConstantOf(value) is null && TypeOf(value) == DataType.Float;

    /// <summary>The element type that the file states; undefined where it does not.</summary>
    public DataType TypeOf(string value) => _values.TryGetValue(value, out ValueInfoProto? known) && known.Type?.TensorType is { } tensor
        ? (DataType)tensor.ElemType
        : DataType.Undefined;

    /// <summary>The shape that the file states; empty where it does not.</summary>
    public ImmutableArray<long> ShapeOf(string value) => _values.TryGetValue(value, out ValueInfoProto? known) && known.Type?.TensorType?.Shape is { } shape
        ? [.. shape.Dim.Select(dimension => dimension.DimValue)]
        : [];

    /// <summary>What the file states of a value.</summary>
    public ValueInfoProto? DescriptionOf(string value) => _values.GetValueOrDefault(value);

    /// <summary>The values of a float constant, whether it is stored in 32 or 16 bits.</summary>
    public static float[] Floats(TensorProto constant)
    {
        if ((DataType)constant.DataType == DataType.Float)
            return MemoryMarshal.Cast<byte, float>(constant.RawData.Span).ToArray();
        ReadOnlySpan<Half> halves = MemoryMarshal.Cast<byte, Half>(constant.RawData.Span);
        var values = new float[halves.Length];
        for (int i = 0; i < values.Length; i++)
            values[i] = (float)halves[i];
        return values;
    }
}
