using System.Runtime.InteropServices;
using Yolact.Edge.Model.Checkpoints;

namespace Yolact.Edge.TestSupport;

/// <summary>A tensor to write. Tensors with the same array share a storage in PyTorch's formats.</summary>
/// <param name="Name">Its key.</param>
/// <param name="Shape">Its shape.</param>
/// <param name="Type">Type of the elements.</param>
/// <param name="Elements">An array of that type's elements (ushort for bfloat16), C order where there are no strides.</param>
/// <param name="Strides">Strides in elements, or null for C order.</param>
/// <param name="Offset">First element within the array.</param>
public sealed record CheckpointTensor(string Name, int[] Shape, ElementType Type, Array Elements, long[]? Strides = null, long Offset = 0)
{
    public static CheckpointTensor Of(string name, int[] shape, float[] values) => new(name, shape, ElementType.Float32, values);

    public static CheckpointTensor Of(string name, int[] shape, Half[] values) => new(name, shape, ElementType.Float16, values);

    public static CheckpointTensor Scalar(string name, long value) => new(name, [], ElementType.Int64, new[] { value });

    public ReadOnlySpan<byte> Bytes =>
        MemoryMarshal.CreateReadOnlySpan(ref MemoryMarshal.GetArrayDataReference(Elements), Elements.Length * Type.Size());

    public long[] StridesOrDefault()
    {
        if (Strides is not null)
            return Strides;
        var strides = new long[Shape.Length];
        long stride = 1;
        for (int i = Shape.Length - 1; i >= 0; i--)
        {
            strides[i] = stride;
            stride *= Shape[i];
        }
        return strides;
    }
}
