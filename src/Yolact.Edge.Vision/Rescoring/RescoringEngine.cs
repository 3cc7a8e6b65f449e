using Microsoft.ML.OnnxRuntime.Tensors;
using Yolact.Edge.Model.Graphs;
using Yolact.Edge.Vision.Engines;

namespace Yolact.Edge.Vision.Rescoring;

/// <summary>
/// The mask re-scoring network of YOLACT++ (section 6.2 of the paper): predicts from a soft, cropped mask how well it fits, for
/// each class. Its batch is fixed: fewer masks are padded, more take several runs.
/// </summary>
internal sealed class RescoringEngine : IDisposable
{
    private readonly OnnxModel _model;
    private readonly int _batch, _side, _classes;

    /// <summary>Loads the network and checks it against the main network.</summary>
    /// <param name="path">An ONNX file.</param>
    /// <param name="options">Valid options.</param>
    /// <param name="main">The main network.</param>
    /// <param name="setup">What runs it; null for the CPU.</param>
    /// <exception cref="ModelException">The file cannot be used, or belongs to another model.</exception>
    /// <exception cref="EngineException">The runtime or the provider cannot be used.</exception>
    public RescoringEngine(string path, EngineOptions options, DetectionEngine main, EngineSetup? setup = null)
    {
        setup ??= new();
        if (!File.Exists(path))
        {
            throw new ModelException(path, $"there is no such file, and network '{main.Config.Name}' re-scores its masks; "
                + "copy it beside the main graph, import the model anew, or switch re-scoring off");
        }
        (_side, _classes) = (main.PrototypeSide, main.Config.Classes.Count);
        int batch = setup.Limits.RescoringBatch;
        _model = OnnxModel.Open(path, options, setup, batch is 0 or RescoringBatch.Default ? null : () => RescoringBatch.Read(path, batch));
        try
        {
            if (_model.Metadata.SourceSha256 != main.Metadata.SourceSha256)
                throw new ModelException(path, "it was made from another checkpoint than the main graph; import the model anew");
            _batch = Math.Max(OnnxModel.FirstDimension(_model.Session.InputMetadata, ModelOutputs.Mask), 1);
            _model.RequireInput(ModelOutputs.Mask, TensorElementType.Float, _batch, 1, _side, _side);
            _model.RequireOutput(ModelOutputs.MaskIou, TensorElementType.Float, _batch, _classes);
        }
        catch
        {
            _model.Dispose();
            throw;
        }
    }

    /// <summary>Masks a run.</summary>
    public int Batch => _batch;

    /// <summary>Memory for a batch.</summary>
    public RescoringSlot CreateSlot() => new(_model.IO, _batch, _side, _classes);

    /// <inheritdoc/>
    public void Dispose() => _model.Dispose();
}
