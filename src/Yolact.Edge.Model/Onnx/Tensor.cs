using System.Collections.Immutable;
using Yolact.Edge.Model.Onnx.Format;

namespace Yolact.Edge.Model.Onnx;

/// <summary>A value in a graph under construction: its name, element type and fixed shape.</summary>
internal readonly record struct Tensor(string Name, TensorProto.Types.DataType Type, ImmutableArray<long> Shape)
{
    /// <summary>Channels of a <c>[N, C, H, W]</c> value.</summary>
    public int Channels => (int)Shape[1];

    /// <summary>Rows of a <c>[N, C, H, W]</c> value.</summary>
    public int Height => (int)Shape[2];

    /// <summary>Columns of a <c>[N, C, H, W]</c> value.</summary>
    public int Width => (int)Shape[3];
}
