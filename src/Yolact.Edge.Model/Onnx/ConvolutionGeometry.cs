using System.Collections.Immutable;
using Yolact.Edge.Model.Onnx.Format;

namespace Yolact.Edge.Model.Onnx;

/// <summary>Shape of a convolution with a square kernel and equal padding on all sides.</summary>
internal readonly record struct ConvolutionGeometry(int Outputs, int Kernel, int Stride = 1, int Padding = 0)
{
    /// <summary>A convolution whose padding is half its odd kernel.</summary>
    public static ConvolutionGeometry Same(int outputs, int kernel, int stride = 1) => new(outputs, kernel, stride, kernel / 2);

    public ImmutableArray<long> OutputShape(Tensor x) => [x.Shape[0], Outputs, Side(x.Height), Side(x.Width)];

    public AttributeProto[] Attributes() =>
    [
        GraphBuilder.Ints("kernel_shape", Kernel, Kernel),
        GraphBuilder.Ints("strides", Stride, Stride),
        GraphBuilder.Ints("pads", Padding, Padding, Padding, Padding),
    ];

    private int Side(int side) => ((side + (2 * Padding) - Kernel) / Stride) + 1;
}
