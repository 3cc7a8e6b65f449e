using System.Collections.Immutable;
using Google.Protobuf;
using Yolact.Edge.Model.Onnx.Format;
using DataType = Yolact.Edge.Model.Onnx.Format.TensorProto.Types.DataType;

namespace Yolact.Edge.Model.Onnx;

/// <summary>
/// Builds an ONNX graph node by node. Every value has a fixed shape, which is tracked so that mistakes surface here and not in a
/// runtime; nodes and values are named after the checkpoint's modules, so that a profile of the engine can be read.
/// </summary>
/// <param name="opset">Version of the standard operator set: 17 to 19.</param>
/// <param name="halfWeights">Store weights of two or more dimensions as float16; they are cast up when the graph is loaded.</param>
/// <param name="halfCompute">Compute in float16 between casts; weights are stored so, too, and not cast up.</param>
internal sealed partial class GraphBuilder(int opset, bool halfWeights, bool halfCompute = false)
{
    private readonly HashSet<string> _constants = [];

    /// <summary>Version of the standard operator set.</summary>
    public int Opset => opset;

    /// <summary>The graph without its constants.</summary>
    public GraphProto Graph { get; } = new();

    /// <summary>The constants, in order of first use.</summary>
    public List<Initializer> Initializers { get; } = [];

    /// <summary>Declares an input of the graph.</summary>
    public Tensor Input(string name, DataType type, params ImmutableArray<long> shape)
    {
        var tensor = new Tensor(name, type, shape);
        Graph.Input.Add(Describe(tensor));
        return tensor;
    }

    /// <summary>Declares <paramref name="tensor"/> an output of the graph, under its own name.</summary>
    public void Output(Tensor tensor)
    {
        Graph.Output.Add(Describe(tensor));
        if (Graph.ValueInfo.FirstOrDefault(value => value.Name == tensor.Name) is { } inner)
            Graph.ValueInfo.Remove(inner);
    }

    /// <summary>Declares <paramref name="tensor"/> an output of the graph under <paramref name="name"/>, in float32 where it is float16.</summary>
    public void Output(string name, Tensor tensor) => Output(tensor.Type is DataType.Float16
        ? Cast(name, tensor, DataType.Float)
        : Node("Identity", name, tensor.Type, tensor.Shape, [tensor.Name]));

    /// <summary>The value in what the graph computes in.</summary>
    public Tensor ToCompute(string name, Tensor tensor) => halfCompute ? Cast(name, tensor, DataType.Float16) : tensor;

    /// <summary>The value in float32.</summary>
    public Tensor ToFloat(string name, Tensor tensor) => tensor.Type is DataType.Float16 ? Cast(name, tensor, DataType.Float) : tensor;

    /// <summary>Adds a node with one output, which takes the node's name.</summary>
    public Tensor Node(string operation, string name, DataType type, ImmutableArray<long> shape, IEnumerable<string> inputs,
        params IEnumerable<AttributeProto> attributes)
    {
        var output = new Tensor(name, type, shape);
        AddNode(operation, name, inputs, [output], attributes);
        return output;
    }

    /// <summary>Adds a node with several outputs.</summary>
    public void AddNode(string operation, string name, IEnumerable<string> inputs, IReadOnlyList<Tensor> outputs,
        params IEnumerable<AttributeProto> attributes)
    {
        var node = new NodeProto { OpType = operation, Name = name };
        node.Input.AddRange(inputs);
        foreach (Tensor output in outputs)
        {
            node.Output.Add(output.Name);
            Graph.ValueInfo.Add(Describe(output)); // for readers of the file: every inner value has a type and a shape
        }
        node.Attribute.AddRange(attributes);
        Graph.Node.Add(node);
    }

    /// <summary>A trained weight; where weights are stored as float16 it is cast up right behind its constant.</summary>
    public string Weight(string name, ImmutableArray<long> shape, FillValues fill)
    {
        bool half = halfWeights && shape.Length > 1;
        if (!_constants.Add(name))
            return name;
        if (halfCompute)
        {
            Initializers.Add(Initializer.Weight(name, shape, half: true, fill));
            return name;
        }
        string stored = half ? name + ".fp16" : name;
        Initializers.Add(Initializer.Weight(stored, shape, half, fill));
        if (half)
            Node("Cast", name, DataType.Float, shape, [stored], Int("to", (int)DataType.Float));
        return name;
    }

    /// <summary>A constant that is not trained, added once under its name.</summary>
    public string Constant(Initializer initializer)
    {
        if (_constants.Add(initializer.Name))
            Initializers.Add(initializer);
        return initializer.Name;
    }

    /// <summary>A scalar constant of the type that it is computed with, added once under its name.</summary>
    public string Scalar(string name, float value, DataType type) => Constant(type is DataType.Float16
        ? Initializer.Of(name, (ReadOnlySpan<Half>)[(Half)value], [])
        : Initializer.Of(name, (ReadOnlySpan<float>)[value], []));

    /// <summary>A one-dimensional int64 constant such as a shape.</summary>
    public string Longs(string name, params ReadOnlySpan<long> values) => Constant(Initializer.Of(name, values, values.Length));

    public static AttributeProto Int(string name, long value) =>
        new() { Name = name, Type = AttributeProto.Types.AttributeType.Int, I = value };

    public static AttributeProto Float(string name, float value) =>
        new() { Name = name, Type = AttributeProto.Types.AttributeType.Float, F = value };

    public static AttributeProto Text(string name, string value) =>
        new() { Name = name, Type = AttributeProto.Types.AttributeType.String, S = ByteString.CopyFromUtf8(value) };

    public static AttributeProto Ints(string name, params ReadOnlySpan<long> values)
    {
        var attribute = new AttributeProto { Name = name, Type = AttributeProto.Types.AttributeType.Ints };
        foreach (long value in values)
            attribute.Ints.Add(value);
        return attribute;
    }

    /// <summary>A value's name, type and shape as a file states them.</summary>
    public static ValueInfoProto Describe(Tensor tensor)
    {
        var shape = new TensorShapeProto();
        foreach (long side in tensor.Shape)
            shape.Dim.Add(new TensorShapeProto.Types.Dimension { DimValue = side });
        return new ValueInfoProto
        {
            Name = tensor.Name,
            Type = new TypeProto { TensorType = new TypeProto.Types.Tensor { ElemType = (int)tensor.Type, Shape = shape } },
        };
    }
}
