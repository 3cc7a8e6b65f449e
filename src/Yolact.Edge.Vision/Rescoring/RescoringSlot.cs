using Microsoft.ML.OnnxRuntime;
using Yolact.Edge.Model.Graphs;
using Yolact.Edge.Vision.Engines;

namespace Yolact.Edge.Vision.Rescoring;

/// <summary>A batch of masks and what the re-scoring network says of them, bound once, so that a run allocates nothing.</summary>
internal sealed class RescoringSlot : IDisposable
{
    private readonly InferenceSession _session;
    private readonly OrtIoBinding _binding;
    private readonly RunOptions _run = new();

    /// <summary>Allocates and binds.</summary>
    public RescoringSlot(InferenceSession session, int batch, int side, int classes)
    {
        _session = session;
        Masks = new([batch, 1, side, side]);
        MaskIou = new([batch, classes]);
        _binding = session.CreateIoBinding();
        _binding.BindInput(ModelOutputs.Mask, Masks.Value);
        _binding.BindOutput(ModelOutputs.MaskIou, MaskIou.Value);
    }

    /// <summary>Soft masks, zero outside their crops, <c>[B, 1, H, W]</c>.</summary>
    public TensorBuffer<float> Masks { get; }

    /// <summary>Predicted mask IoU by class, <c>[B, C]</c>.</summary>
    public TensorBuffer<float> MaskIou { get; }

    /// <summary>Runs the network on all masks; those that a batch does not use may hold anything.</summary>
    public void Run() => _session.RunWithBinding(_run, _binding);

    /// <inheritdoc/>
    public void Dispose()
    {
        _binding.Dispose();
        _run.Dispose();
        Masks.Dispose();
        MaskIou.Dispose();
    }
}
