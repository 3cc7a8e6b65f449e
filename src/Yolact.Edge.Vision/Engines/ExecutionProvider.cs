namespace Yolact.Edge.Vision.Engines;

/// <summary>What runs the network.</summary>
public enum ExecutionProvider
{
    /// <summary>The first that works on this machine: TensorRT, then CUDA, then the CPU.</summary>
    Auto,

    /// <summary>NVIDIA TensorRT: an engine is built for this very machine first, which takes minutes.</summary>
    Tensorrt,

    /// <summary>ONNX Runtime's own CUDA kernels.</summary>
    Cuda,

    /// <summary>ONNX Runtime's own CPU kernels.</summary>
    Cpu,
}
