namespace Yolact.Edge.Vision.Engines;

/// <summary>What runs the network.</summary>
public enum ExecutionProvider
{
    /// <summary>ONNX Runtime's own CPU kernels.</summary>
    Cpu,
}
