using System.Collections.Immutable;
using Yolact.Edge.Model.Onnx.Format;
using DataType = Yolact.Edge.Model.Onnx.Format.TensorProto.Types.DataType;

namespace Yolact.Edge.Model.Onnx;

/// <content>The operators that the networks are made of.</content>
internal sealed partial class GraphBuilder
{
    /// <summary>A convolution with a square kernel.</summary>
    /// <param name="name">Name of the node.</param>
    /// <param name="x">[N, C, H, W].</param>
    /// <param name="weight">Name of the weight [O, C, K, K].</param>
    /// <param name="bias">Name of the bias [O].</param>
    /// <param name="geometry">Output channels, kernel, stride and padding.</param>
    public Tensor Convolution(string name, Tensor x, string weight, string bias, ConvolutionGeometry geometry) =>
        Node("Conv", name, x.Type, geometry.OutputShape(x), [x.Name, weight, bias], geometry.Attributes());

    /// <summary>max(x, 0).</summary>
    public Tensor Relu(string name, Tensor x) => Node("Relu", name, x.Type, x.Shape, [x.Name]);

    /// <summary>A function of one value that keeps its shape, such as Tanh.</summary>
    public Tensor Unary(string operation, string name, Tensor x) => Node(operation, name, x.Type, x.Shape, [x.Name]);

    /// <summary>A function of two values with broadcasting to <paramref name="shape"/>.</summary>
    public Tensor Binary(string operation, string name, Tensor a, string b, ImmutableArray<long> shape) =>
        Node(operation, name, a.Type, shape, [a.Name, b]);

    /// <summary>a + b, both of one shape.</summary>
    public Tensor Add(string name, Tensor a, Tensor b)
    {
        if (!a.Shape.SequenceEqual(b.Shape))
            throw new InvalidOperationException($"{name}: [{string.Join(", ", a.Shape)}] + [{string.Join(", ", b.Shape)}]");
        return Node("Add", name, a.Type, a.Shape, [a.Name, b.Name]);
    }

    /// <summary>Bilinear interpolation to size x size with half-pixel centres: PyTorch's align_corners=False.</summary>
    public Tensor Bilinear(string name, Tensor x, int size)
    {
        string sizes = Longs($"{name}.sizes", 1, x.Channels, size, size);
        return Node("Resize", name, x.Type, [1, x.Channels, size, size], [x.Name, "", "", sizes],
            Text("mode", "linear"), Text("coordinate_transformation_mode", "half_pixel"));
    }

    /// <summary>Reorders dimensions.</summary>
    public Tensor Transpose(string name, Tensor x, params ImmutableArray<int> order) =>
        Node("Transpose", name, x.Type, [.. order.Select(axis => x.Shape[axis])], [x.Name],
            Ints("perm", [.. order.Select(axis => (long)axis)]));

    /// <summary>The same values under another shape.</summary>
    public Tensor Reshape(string name, Tensor x, params ImmutableArray<long> shape)
    {
        if (shape.Aggregate(1L, (p, n) => p * n) != x.Shape.Aggregate(1L, (p, n) => p * n))
            throw new InvalidOperationException($"{name}: [{string.Join(", ", x.Shape)}] cannot become [{string.Join(", ", shape)}]");
        return Node("Reshape", name, x.Type, shape, [x.Name, Longs($"{name}.shape", shape.AsSpan())]);
    }

    /// <summary>Several values joined along <paramref name="axis"/>.</summary>
    public Tensor Concat(string name, IReadOnlyList<Tensor> parts, int axis) =>
        Node("Concat", name, parts[0].Type, parts[0].Shape.SetItem(axis, parts.Sum(part => part.Shape[axis])),
            parts.Select(part => part.Name), Int("axis", axis));

    /// <summary>A value cut into parts along <paramref name="axis"/>.</summary>
    public Tensor[] Split(Tensor x, int axis, params ReadOnlySpan<(string Name, long Size)> parts)
    {
        var outputs = new Tensor[parts.Length];
        var sizes = new long[parts.Length];
        for (int i = 0; i < parts.Length; i++)
        {
            outputs[i] = new Tensor(parts[i].Name, x.Type, x.Shape.SetItem(axis, parts[i].Size));
            sizes[i] = parts[i].Size;
        }
        string name = $"{x.Name}.split";
        AddNode("Split", name, [x.Name, Longs($"{name}.sizes", sizes)], outputs, Int("axis", axis));
        return outputs;
    }

    /// <summary>Elements [start, end) along <paramref name="axis"/>.</summary>
    public Tensor Slice(string name, Tensor x, int axis, long start, long end) =>
        Node("Slice", name, x.Type, x.Shape.SetItem(axis, end - start),
            [x.Name, Longs($"{name}.start", start), Longs($"{name}.end", end), Longs($"{name}.axis", axis)]);

    /// <summary>The maximum along the last axis, which goes.</summary>
    public Tensor MaxOfLast(string name, Tensor x)
    {
        int axis = x.Shape.Length - 1;
        ImmutableArray<long> shape = x.Shape.RemoveAt(axis);
        AttributeProto drop = Int("keepdims", 0);
        // The axes moved from an attribute to an input in opset 18.
        return opset < 18
            ? Node("ReduceMax", name, x.Type, shape, [x.Name], Ints("axes", axis), drop)
            : Node("ReduceMax", name, x.Type, shape, [x.Name, Longs($"{name}.axes", axis)], drop);
    }

    /// <summary>Rows of <paramref name="x"/> (along axis 0) by index.</summary>
    public Tensor Gather(string name, Tensor x, Tensor indices) =>
        Node("Gather", name, x.Type, indices.Shape.AddRange(x.Shape.RemoveAt(0)), [x.Name, indices.Name], Int("axis", 0));

    /// <summary>Another element type.</summary>
    public Tensor Cast(string name, Tensor x, DataType type) =>
        Node("Cast", name, type, x.Shape, [x.Name], Int("to", (int)type));
}
