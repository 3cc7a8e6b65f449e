using Yolact.Edge.Model.Configs;
using Yolact.Edge.Model.Graphs;
using Yolact.Edge.Vision.Masks;

using ModelMetadata = Yolact.Edge.Model.Import.ModelMetadata;

namespace Yolact.Edge.Vision.Engines;

/// <summary>The engine's input and outputs for one frame, bound once, so that a run allocates nothing.</summary>
internal sealed class EngineSlot : IDisposable
{
    private readonly SlotBinding _binding;

    /// <summary>Allocates and binds.</summary>
    public EngineSlot(SessionIO io, ModelMetadata metadata, int candidates, int prototypeSide)
    {
        YolactConfig config = metadata.Config;
        int side = config.InputSize, dimensions = config.Prototypes.Count;
        _binding = io.CreateBinding();
        if (metadata.Options.Input == InputForm.Float)
            Planes = _binding.Input<float>(ModelOutputs.Image, [1, 3, side, side]);
        else
            Pixels = _binding.Input<byte>(ModelOutputs.Image, [1, side, side, 3]);
        PriorIndex = _binding.Output<long>(ModelOutputs.PriorIndex, [candidates]);
        ClassProbability = _binding.Output<float>(ModelOutputs.ClassProbability, [candidates, config.ClassesWithBackground]);
        BoxRegression = _binding.Output<float>(ModelOutputs.BoxRegression, [candidates, 4]);
        MaskCoefficient = _binding.Output<float>(ModelOutputs.MaskCoefficient, [candidates, dimensions]);
        Prototype = _binding.Output<float>(ModelOutputs.Prototype, [1, dimensions, prototypeSide, prototypeSide], SoftMask.Slack);
        Overflow = _binding.Output<float>(ModelOutputs.Overflow, [1]);
    }

    /// <summary>Input <c>[1, 3, S, S]</c> of a model that takes floats; else null.</summary>
    public TensorBuffer<float>? Planes { get; }

    /// <summary>Input <c>[1, S, S, 3]</c> of a model that takes bytes; else null.</summary>
    public TensorBuffer<byte>? Pixels { get; }

    /// <summary><c>[k]</c>.</summary>
    public TensorBuffer<long> PriorIndex { get; }

    /// <summary><c>[k, C + 1]</c>.</summary>
    public TensorBuffer<float> ClassProbability { get; }

    /// <summary><c>[k, 4]</c>.</summary>
    public TensorBuffer<float> BoxRegression { get; }

    /// <summary><c>[k, D]</c>.</summary>
    public TensorBuffer<float> MaskCoefficient { get; }

    /// <summary><c>[1, D, H, W]</c>, with slack for the mask kernel.</summary>
    public TensorBuffer<float> Prototype { get; }

    /// <summary><c>[1]</c>.</summary>
    public TensorBuffer<float> Overflow { get; }

    /// <summary>Runs the network on the input.</summary>
    public void Run() => _binding.Run();

    /// <inheritdoc/>
    public void Dispose()
    {
        _binding.Dispose();
        Planes?.Dispose();
        Pixels?.Dispose();
        PriorIndex.Dispose();
        ClassProbability.Dispose();
        BoxRegression.Dispose();
        MaskCoefficient.Dispose();
        Prototype.Dispose();
        Overflow.Dispose();
    }
}
