using System.Collections.Immutable;

namespace Yolact.Edge.Model.Checkpoints;

/// <summary>A tensor of a checkpoint: what it is, and where in the file it lies.</summary>
public sealed class TensorEntry
{
    /// <summary>Its key in the checkpoint.</summary>
    public string Name { get; }

    /// <summary>Type of its elements in the file.</summary>
    public ElementType Type { get; }

    /// <summary>Shape, empty for a scalar.</summary>
    public ImmutableArray<int> Shape { get; }

    /// <summary>Number of elements.</summary>
    public int Count { get; }

    /// <summary>Position of the first element in the file, in bytes.</summary>
    internal long Offset { get; }

    /// <summary>Distance between neighbours along each dimension, in elements; never negative.</summary>
    internal ImmutableArray<long> Strides { get; }

    internal TensorEntry(string name, ElementType type, ImmutableArray<int> shape, long offset, ImmutableArray<long> strides)
    {
        (Name, Type, Shape, Offset, Strides) = (name, type, shape, offset, strides);
        // The other sides of an empty tensor may be of any size.
        Count = shape.Contains(0) ? 0 : shape.Aggregate(1, (product, side) => checked(product * side));
    }

    /// <summary>Elements from the first to the last, gaps included; 0 for an empty tensor.</summary>
    internal long Extent
    {
        get
        {
            if (Count == 0)
                return 0;
            long last = 0;
            for (int i = 0; i < Shape.Length; i++)
                last += (Shape[i] - 1) * Strides[i];
            return last + 1;
        }
    }

    /// <summary>True where the elements lie one after the other in C order.</summary>
    internal bool IsContiguous
    {
        get
        {
            long expected = 1;
            for (int i = Shape.Length - 1; i >= 0; i--)
            {
                if (Shape[i] != 1 && Strides[i] != expected)
                    return false;
                expected *= Shape[i];
            }
            return true;
        }
    }

    /// <summary>Strides of a tensor in C order.</summary>
    internal static ImmutableArray<long> ContiguousStrides(ImmutableArray<int> shape)
    {
        var strides = new long[shape.Length];
        long stride = 1;
        for (int i = shape.Length - 1; i >= 0; i--)
        {
            strides[i] = stride;
            stride *= shape[i];
        }
        return [.. strides];
    }
}
