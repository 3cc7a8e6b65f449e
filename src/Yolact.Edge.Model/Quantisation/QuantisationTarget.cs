namespace Yolact.Edge.Model.Quantisation;

/// <summary>What a quantised graph is written for: the rules of the engines differ.</summary>
public enum QuantisationTarget
{
    /// <summary>
    /// ONNX Runtime's CPU kernels: uint8 activations with a zero point, int8 weights, int32 biases; a convolution's result is quantised
    /// too, or the runtime computes it in floats.
    /// </summary>
    Cpu,

    /// <summary>
    /// TensorRT: int8 activations with zero point 0, int8 weights, float biases; a result that nothing quantised takes stays a float.
    /// </summary>
    TensorRt,
}
