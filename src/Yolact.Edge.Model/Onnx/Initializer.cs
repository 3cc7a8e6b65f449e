using System.Buffers;
using System.Collections.Immutable;
using System.Runtime.InteropServices;
using Yolact.Edge.Model.Onnx.Format;

namespace Yolact.Edge.Model.Onnx;

/// <summary>Computes the values of a weight, row-major, into a buffer of just its size.</summary>
internal delegate void FillValues(Span<float> values);

/// <summary>
/// A constant of a graph. Its values are made only while it is written, one constant at a time, so that importing a checkpoint
/// never holds the whole network in memory.
/// </summary>
internal sealed class Initializer
{
    private readonly FillValues? _fill;
    private readonly byte[]? _bytes;

    private Initializer(string name, TensorProto.Types.DataType type, ImmutableArray<long> shape, FillValues? fill, byte[]? bytes)
    {
        Name = name;
        Type = type;
        Shape = shape;
        _fill = fill;
        _bytes = bytes;
    }

    public string Name { get; }

    public TensorProto.Types.DataType Type { get; }

    public ImmutableArray<long> Shape { get; }

    public int Count => (int)Shape.Aggregate(1L, (product, side) => checked(product * side));

    public int ByteCount => _bytes?.Length ?? Count * (Type == TensorProto.Types.DataType.Float16 ? 2 : 4);

    /// <summary>A weight in float32 or, for storage alone, float16.</summary>
    public static Initializer Weight(string name, ImmutableArray<long> shape, bool half, FillValues fill) =>
        new(name, half ? TensorProto.Types.DataType.Float16 : TensorProto.Types.DataType.Float, shape, fill, null);

    public static Initializer Of(string name, ReadOnlySpan<long> values, params ImmutableArray<long> shape) =>
        new(name, TensorProto.Types.DataType.Int64, shape, null, MemoryMarshal.AsBytes(values).ToArray());

    public static Initializer Of(string name, ReadOnlySpan<int> values, params ImmutableArray<long> shape) =>
        new(name, TensorProto.Types.DataType.Int32, shape, null, MemoryMarshal.AsBytes(values).ToArray());

    public static Initializer Of(string name, ReadOnlySpan<Half> values, params ImmutableArray<long> shape) =>
        new(name, TensorProto.Types.DataType.Float16, shape, null, MemoryMarshal.AsBytes(values).ToArray());

    public static Initializer Of(string name, ReadOnlySpan<float> values, params ImmutableArray<long> shape) =>
        new(name, TensorProto.Types.DataType.Float, shape, null, MemoryMarshal.AsBytes(values).ToArray());

    /// <summary>The header: everything but the values.</summary>
    public TensorProto Header()
    {
        var header = new TensorProto { Name = Name, DataType = (int)Type };
        header.Dims.AddRange(Shape);
        return header;
    }

    /// <summary>Makes the values and writes them, little-endian.</summary>
    public void WriteValues(Stream destination)
    {
        if (_bytes is not null)
        {
            destination.Write(_bytes);
            return;
        }
        int count = Count;
        float[] rented = ArrayPool<float>.Shared.Rent(count);
        Span<float> values = rented.AsSpan(0, count);
        _fill!(values);
        if (Type == TensorProto.Types.DataType.Float16)
            WriteHalves(values, destination);
        else
            destination.Write(MemoryMarshal.AsBytes(values));
        ArrayPool<float>.Shared.Return(rented);
    }

    private static void WriteHalves(ReadOnlySpan<float> values, Stream destination)
    {
        Span<Half> halves = stackalloc Half[1024];
        while (!values.IsEmpty)
        {
            int count = Math.Min(values.Length, halves.Length);
            for (int i = 0; i < count; i++)
                halves[i] = (Half)values[i];
            destination.Write(MemoryMarshal.AsBytes(halves[..count]));
            values = values[count..];
        }
    }
}
