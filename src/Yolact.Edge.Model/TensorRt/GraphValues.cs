using System.Runtime.InteropServices;
using Yolact.Edge.Model.Onnx.Format;
using DataType = Yolact.Edge.Model.Onnx.Format.TensorProto.Types.DataType;

namespace Yolact.Edge.Model.TensorRt;

/// <summary>Types, shapes and constants of a graph's values by name.</summary>
internal sealed class GraphValues
{
    private readonly Dictionary<string, TypeProto.Types.Tensor> _described = new(StringComparer.Ordinal);
    private readonly Dictionary<string, TensorProto> _constants = new(StringComparer.Ordinal);
    private readonly HashSet<string> _boundary;

    public GraphValues(GraphProto graph)
    {
        foreach (ValueInfoProto value in graph.Input.Concat(graph.Output).Concat(graph.ValueInfo))
        {
            if (value.Type?.TensorType is { } tensor)
                _described[value.Name] = tensor;
        }
        foreach (TensorProto constant in graph.Initializer)
            _constants[constant.Name] = constant;
        _boundary = [.. graph.Input.Concat(graph.Output).Select(value => value.Name)];
    }

    /// <summary>The element type, or undefined where the graph does not say.</summary>
    public DataType TypeOf(string name) => _constants.TryGetValue(name, out TensorProto? constant)
        ? (DataType)constant.DataType
        : _described.TryGetValue(name, out TypeProto.Types.Tensor? tensor) ? (DataType)tensor.ElemType : DataType.Undefined;

    /// <summary>The number of dimensions, or null where the graph does not say.</summary>
    public int? RankOf(string name) => _constants.TryGetValue(name, out TensorProto? constant)
        ? constant.Dims.Count
        : _described.TryGetValue(name, out TypeProto.Types.Tensor? tensor) ? tensor.Shape?.Dim.Count : null;

    /// <summary>True where every dimension is known and at least 1.</summary>
    public bool IsFixed(string name) => _constants.ContainsKey(name)
        || (_described.TryGetValue(name, out TypeProto.Types.Tensor? tensor) && tensor.Shape is { } shape && shape.Dim.All(side => side.DimValue > 0));

    /// <summary>True for an input or output of the network.</summary>
    public bool IsBoundary(string name) => _boundary.Contains(name);

    /// <summary>True for a constant.</summary>
    public bool IsConstant(string name) => _constants.ContainsKey(name);

    /// <summary>The values of an int64 constant, or null.</summary>
    public long[]? Longs(string name) => _constants.TryGetValue(name, out TensorProto? constant) && (DataType)constant.DataType == DataType.Int64
        ? MemoryMarshal.Cast<byte, long>(constant.RawData.Span).ToArray()
        : null;

    /// <summary>True where every byte of a constant is zero.</summary>
    public bool IsZero(string name) => _constants.TryGetValue(name, out TensorProto? constant)
        && constant.RawData.Span.IndexOfAnyExcept((byte)0) < 0;
}
