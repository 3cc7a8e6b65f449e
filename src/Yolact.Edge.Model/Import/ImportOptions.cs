using Yolact.Edge.Model.Graphs;

namespace Yolact.Edge.Model.Import;

/// <summary>How a checkpoint is written as ONNX.</summary>
public sealed record ImportOptions
{
    /// <summary>How deformable convolutions are written.</summary>
    public DeformLowering Deform { get; init; } = DeformLowering.Native;

    /// <summary>How weights are stored.</summary>
    public WeightStorage Weights { get; init; } = WeightStorage.Fp32;

    /// <summary>In what form the graph takes the picture.</summary>
    public InputForm Input { get; init; } = InputForm.Float;

    /// <summary>Whether inner values become outputs too (stages, pyramid, raw heads): for checks, not for production.</summary>
    public bool Taps { get; init; }
}

/// <summary>How weights are stored in the file. Compute precision belongs to the engine.</summary>
public enum WeightStorage
{
    /// <summary>4 bytes a value, as trained.</summary>
    Fp32,

    /// <summary>2 bytes a value: half the file; values are rounded to 11 bits.</summary>
    Fp16,
}
