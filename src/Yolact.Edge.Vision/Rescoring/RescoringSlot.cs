using Yolact.Edge.Model.Graphs;
using Yolact.Edge.Vision.Engines;

namespace Yolact.Edge.Vision.Rescoring;

/// <summary>A batch of masks and what the re-scoring network says of them, bound once, so that a run allocates nothing.</summary>
internal sealed class RescoringSlot : IDisposable
{
    private readonly SlotBinding _binding;

    /// <summary>Allocates and binds.</summary>
    public RescoringSlot(SessionIO io, int batch, int side, int classes)
    {
        _binding = io.CreateBinding();
        Masks = _binding.Input<float>(ModelOutputs.Mask, [batch, 1, side, side]);
        MaskIou = _binding.Output<float>(ModelOutputs.MaskIou, [batch, classes]);
    }

    /// <summary>Soft masks, zero outside their crops, <c>[B, 1, H, W]</c>.</summary>
    public TensorBuffer<float> Masks { get; }

    /// <summary>Predicted mask IoU by class, <c>[B, C]</c>.</summary>
    public TensorBuffer<float> MaskIou { get; }

    /// <summary>Runs the network on all masks; those that a batch does not use may hold anything.</summary>
    public void Run() => _binding.Run();

    /// <inheritdoc/>
    public void Dispose()
    {
        _binding.Dispose();
        Masks.Dispose();
        MaskIou.Dispose();
    }
}
