using System.Buffers;
using Yolact.Edge.Model.Onnx;
using DataType = Yolact.Edge.Model.Onnx.Format.TensorProto.Types.DataType;

namespace Yolact.Edge.Model.Graphs;

/// <summary>
/// The deformable convolution from operators that every runtime has. The input gets a border of one zero pixel and becomes
/// rows of channels; each of nine taps reads four rows around its position, blends them, and one matrix product sums taps and
/// channels.
/// </summary>
/// <remarks>
/// A position is (cell * stride - padding + tap) + offset. Only the offset is a float: it is split into its floor, which becomes an
/// integer, and its fraction, which weighs the rows. Float values therefore never exceed the offsets, and half precision cannot spoil
/// an index. Indices are clamped to the padded picture, whose border is zero: a corner outside reads zero, which is DCNv2's rule
/// (dcn_v2_im2col_cuda.cu:37-48).
/// </remarks>
internal static class GatherDeformConv
{
    private const int Taps = 9;

    /// <param name="graph">Where to.</param>
    /// <param name="module">Name of the convolution.</param>
    /// <param name="x">[1, C, H, W].</param>
    /// <param name="raw">[1, 27, H', W']: 18 offsets, 9 modulation logits.</param>
    /// <param name="weight">Name of [9 C, O], tap-major.</param>
    /// <param name="bias">Name of [O].</param>
    /// <param name="geometry">Output channels, kernel 3, stride, padding.</param>
    public static Tensor Add(GraphBuilder graph, string module, Tensor x, Tensor raw, string weight, string bias, ConvolutionGeometry geometry)
    {
        int channels = x.Channels, outH = raw.Height, outW = raw.Width;
        int cells = outH * outW, paddedW = x.Width + 2, paddedH = x.Height + 2;

        Tensor padded = graph.Node("Pad", $"{module}.padded", x.Type, [1, channels, paddedH, paddedW],
            [x.Name, graph.Longs("border", 0, 0, 1, 1, 0, 0, 1, 1)], GraphBuilder.Text("mode", "constant"));
        Tensor rows = graph.Reshape($"{module}.rows", graph.Transpose($"{module}.channels_last", padded, 0, 2, 3, 1), paddedH * paddedW, channels);

        Tensor flat = graph.Transpose($"{module}.raw", raw, 0, 2, 3, 1);
        Tensor[] parts = graph.Split(flat, 3, ($"{module}.offset", 18), ($"{module}.modulation_logit", 9));
        Tensor modulation = graph.Unary("Sigmoid", $"{module}.modulation", graph.Reshape($"{module}.modulation_logits", parts[1], outH, outW, Taps));
        Tensor pairs = graph.Reshape($"{module}.pairs", parts[0], outH, outW, Taps, 2);
        Tensor[] axes = graph.Split(pairs, 3, ($"{module}.dy", 1), ($"{module}.dx", 1));

        Axis y = Positions(graph, $"{module}.y", axes[0], x.Height, outH, horizontal: false, geometry);
        Axis x2 = Positions(graph, $"{module}.x", axes[1], x.Width, outW, horizontal: true, geometry);
        Tensor lowRow = graph.Binary("Mul", $"{module}.low_row", y.Low, graph.Constant(Initializer.Of($"width_{paddedW}", [paddedW])), y.Low.Shape);
        Tensor highRow = graph.Binary("Mul", $"{module}.high_row", y.High, $"width_{paddedW}", y.High.Shape);

        Tensor low = graph.Binary("Mul", $"{module}.low", modulation, y.LowWeight.Name, modulation.Shape);
        Tensor high = graph.Binary("Mul", $"{module}.high", modulation, y.HighWeight.Name, modulation.Shape);
        Tensor sum = Corner(graph, $"{module}.top_left", rows, lowRow, x2.Low, low, x2.LowWeight);
        sum = graph.Add($"{module}.top", sum, Corner(graph, $"{module}.top_right", rows, lowRow, x2.High, low, x2.HighWeight));
        sum = graph.Add($"{module}.three", sum, Corner(graph, $"{module}.bottom_left", rows, highRow, x2.Low, high, x2.LowWeight));
        sum = graph.Add($"{module}.sampled", sum, Corner(graph, $"{module}.bottom_right", rows, highRow, x2.High, high, x2.HighWeight));

        Tensor columns = graph.Reshape($"{module}.columns", sum, cells, Taps * channels);
        Tensor product = graph.Node("MatMul", $"{module}.product", x.Type, [cells, geometry.Outputs], [columns.Name, weight]);
        Tensor biased = graph.Binary("Add", $"{module}.biased", product, bias, product.Shape);
        Tensor map = graph.Reshape($"{module}.cells", biased, 1, outH, outW, geometry.Outputs);
        return graph.Transpose(module, map, 0, 3, 1, 2);
    }

    /// <summary>Reorders [O, C, taps] to [taps, C, O] in place.</summary>
    public static void ToTapMajor(Span<float> values, int outputs, int inputs, int taps)
    {
        float[] copy = ArrayPool<float>.Shared.Rent(values.Length);
        values.CopyTo(copy);
        for (int o = 0; o < outputs; o++)
        {
            for (int c = 0; c < inputs; c++)
            {
                for (int t = 0; t < taps; t++)
                    values[(((t * inputs) + c) * outputs) + o] = copy[(((o * inputs) + c) * taps) + t];
            }
        }
        ArrayPool<float>.Shared.Return(copy);
    }

    /// <summary>Indices into the padded picture along one axis and the weights of the two neighbours, all [H', W', 9].</summary>
    private readonly record struct Axis(Tensor Low, Tensor High, Tensor LowWeight, Tensor HighWeight);

    private static Axis Positions(GraphBuilder graph, string name, Tensor offset, int side, int outSide, bool horizontal, ConvolutionGeometry geometry)
    {
        offset = graph.Reshape($"{name}.offset", offset, offset.Shape[0], offset.Shape[1], Taps);
        Tensor floor = graph.Unary("Floor", $"{name}.floor", offset);
        Tensor highWeight = graph.Binary("Sub", $"{name}.fraction", offset, floor.Name, offset.Shape);
        string one = graph.Scalar("one", 1, offset.Type);
        Tensor lowWeight = graph.Node("Sub", $"{name}.rest", offset.Type, offset.Shape, [one, highWeight.Name]);

        // Far-away samples: a step of side + 4 leaves the picture from everywhere, and keeps the cast to integers in range.
        string limit = $"limit_{side + 4}";
        Tensor near = graph.Node("Clip", $"{name}.near", offset.Type, offset.Shape,
            [floor.Name, graph.Scalar($"{limit}.low", -(side + 4), offset.Type), graph.Scalar($"{limit}.high", side + 4, offset.Type)]);
        Tensor whole = graph.Cast($"{name}.whole", near, DataType.Int32);
        Tensor position = graph.Binary("Add", $"{name}.position", whole, Grid(graph, outSide, horizontal, geometry), whole.Shape);

        string bounds = $"bounds_{side + 1}";
        Tensor low = Clamp(graph, $"{name}.low", position, bounds, side + 1);
        Tensor next = graph.Binary("Add", $"{name}.next", position, graph.Constant(Initializer.Of("one_int", [1])), position.Shape);
        return new Axis(low, Clamp(graph, $"{name}.high", next, bounds, side + 1), lowWeight, highWeight);
    }

    private static Tensor Clamp(GraphBuilder graph, string name, Tensor x, string bounds, int last)
    {
        Tensor notBelow = graph.Binary("Max", $"{name}.not_below", x, graph.Constant(Initializer.Of("zero_int", [0])), x.Shape);
        return graph.Binary("Min", name, notBelow, graph.Constant(Initializer.Of(bounds, [last])), x.Shape);
    }

    /// <summary>cell * stride - padding + tap + 1 (the border), as int32 [H', 1, 9] or [1, W', 9].</summary>
    private static string Grid(GraphBuilder graph, int cells, bool horizontal, ConvolutionGeometry geometry)
    {
        var grid = new int[cells * Taps];
        for (int i = 0; i < grid.Length; i++)
        {
            int tap = i % Taps;
            grid[i] = (i / Taps * geometry.Stride) - geometry.Padding + (horizontal ? tap % 3 : tap / 3) + 1;
        }
        string name = $"grid_{(horizontal ? "x" : "y")}_{cells}_{geometry.Stride}";
        return graph.Constant(Initializer.Of(name, grid, horizontal ? [1, cells, Taps] : [cells, 1, Taps]));
    }

    private static Tensor Corner(GraphBuilder graph, string name, Tensor rows, Tensor row, Tensor column, Tensor rowWeight, Tensor columnWeight)
    {
        Tensor index = graph.Add($"{name}.index", row, column);
        Tensor values = graph.Gather($"{name}.values", rows, index);
        Tensor weight = graph.Binary("Mul", $"{name}.weight", rowWeight, columnWeight.Name, rowWeight.Shape);
        Tensor column4 = graph.Reshape($"{name}.weights", weight, [.. weight.Shape, 1]);
        return graph.Binary("Mul", name, values, column4.Name, values.Shape);
    }
}
