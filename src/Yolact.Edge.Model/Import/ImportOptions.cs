using Yolact.Edge.Model.Graphs;

namespace Yolact.Edge.Model.Import;

/// <summary>How a checkpoint is written as ONNX.</summary>
public sealed record ImportOptions
{
    /// <summary>How deformable convolutions are written.</summary>
    public DeformLowering Deform { get; init; } = DeformLowering.Native;

    /// <summary>How weights are stored.</summary>
    public WeightStorage Weights { get; init; } = WeightStorage.Fp32;

    /// <summary>What the graph computes in.</summary>
    public ComputePrecision Compute { get; init; } = ComputePrecision.Fp32;

    /// <summary>In what form the graph takes the picture.</summary>
    public InputForm Input { get; init; } = InputForm.Float;

    /// <summary>Whether inner values become outputs too (stages, pyramid, raw heads): for checks, not for production.</summary>
    public bool Taps { get; init; }
}

/// <summary>What the graph's convolutions compute in.</summary>
public enum ComputePrecision
{
    /// <summary>float32: the engine may still take something shorter.</summary>
    Fp32,

    /// <summary>
    /// float16 between a cast behind the normalisation and casts before softmax, prototypes and re-scored values: for TensorRT 11 and later, which
    /// takes its precision from the graph alone. Weights are stored as float16, too.
    /// </summary>
    Fp16,
}

/// <summary>How weights are stored in the file; what they are computed in is another matter.</summary>
public enum WeightStorage
{
    /// <summary>4 bytes a value, as trained.</summary>
    Fp32,

    /// <summary>2 bytes a value: half the file; values are rounded to 11 bits.</summary>
    Fp16,
}
