using Microsoft.ML.OnnxRuntime;
using Yolact.Edge.Model.Configs;
using Yolact.Edge.Model.Graphs;
using Yolact.Edge.Vision.Masks;

using ModelMetadata = Yolact.Edge.Model.Import.ModelMetadata;

namespace Yolact.Edge.Vision.Engines;

/// <summary>The engine's input and outputs for one frame, bound once, so that a run allocates nothing.</summary>
internal sealed class EngineSlot : IDisposable
{
    private readonly InferenceSession _session;
    private readonly OrtIoBinding _binding;
    private readonly RunOptions _run = new();

    /// <summary>Allocates and binds.</summary>
    public EngineSlot(InferenceSession session, ModelMetadata metadata, int candidates, int prototypeSide)
    {
        YolactConfig config = metadata.Config;
        int side = config.InputSize, dimensions = config.Prototypes.Count;
        _session = session;
        _binding = session.CreateIoBinding();
        if (metadata.Options.Input == InputForm.Float)
            Planes = new([1, 3, side, side]);
        else
            Pixels = new([1, side, side, 3]);
        PriorIndex = new([candidates]);
        ClassProbability = new([candidates, config.ClassesWithBackground]);
        BoxRegression = new([candidates, 4]);
        MaskCoefficient = new([candidates, dimensions]);
        Prototype = new([1, dimensions, prototypeSide, prototypeSide], SoftMask.Slack);
        Overflow = new([1]);
        _binding.BindInput(ModelOutputs.Image, Planes?.Value ?? Pixels!.Value);
        _binding.BindOutput(ModelOutputs.PriorIndex, PriorIndex.Value);
        _binding.BindOutput(ModelOutputs.ClassProbability, ClassProbability.Value);
        _binding.BindOutput(ModelOutputs.BoxRegression, BoxRegression.Value);
        _binding.BindOutput(ModelOutputs.MaskCoefficient, MaskCoefficient.Value);
        _binding.BindOutput(ModelOutputs.Prototype, Prototype.Value);
        _binding.BindOutput(ModelOutputs.Overflow, Overflow.Value);
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
    public void Run() => _session.RunWithBinding(_run, _binding);

    /// <inheritdoc/>
    public void Dispose()
    {
        _binding.Dispose();
        _run.Dispose();
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
