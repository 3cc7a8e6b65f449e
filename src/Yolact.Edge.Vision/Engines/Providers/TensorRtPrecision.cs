namespace Yolact.Edge.Vision.Engines.Providers;

/// <summary>What TensorRT may compute in. From TensorRT 11 on the graph alone decides.</summary>
public enum TensorRtPrecision
{
    /// <summary>32-bit floats.</summary>
    Fp32,

    /// <summary>16-bit floats where they are faster.</summary>
    Fp16,

    /// <summary>8-bit integers where the graph is quantised, and 16-bit floats elsewhere.</summary>
    Int8,
}
