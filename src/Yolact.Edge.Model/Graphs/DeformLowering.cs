namespace Yolact.Edge.Model.Graphs;

/// <summary>How a modulated deformable convolution (DCNv2) is written in ONNX.</summary>
public enum DeformLowering
{
    /// <summary>The standard operator DeformConv, opset 19.</summary>
    Native,

    /// <summary>Pad, Gather and MatMul, opset 17: for runtimes without the operator.</summary>
    Gather,
}
