using Microsoft.ML.OnnxRuntime;
using Microsoft.ML.OnnxRuntime.Tensors;
using Yolact.Edge.Model.Anchors;
using Yolact.Edge.Model.Configs;
using Yolact.Edge.Model.Graphs;

namespace Yolact.Edge.Vision.Engines;

/// <summary>The main network: picture in, candidates and prototypes out.</summary>
internal sealed class DetectionEngine : IDisposable
{
    // What 16 bits of a sort key number.
    private const int MaxCandidates = ushort.MaxValue;

    private readonly OnnxModel _model;

    /// <summary>Loads the network and checks its inputs and outputs.</summary>
    /// <param name="path">An ONNX file.</param>
    /// <param name="options">Valid options.</param>
    /// <param name="setup">What runs it; null for the CPU.</param>
    /// <exception cref="ModelException">The file cannot be used.</exception>
    /// <exception cref="EngineException">The runtime or the provider cannot be used.</exception>
    public DetectionEngine(string path, EngineOptions options, EngineSetup? setup = null)
    {
        _model = OnnxModel.Open(path, options, setup ?? new());
        try
        {
            Priors = AnchorGrid.Create(Config);
            PrototypeSide = FeatureLevels.Prototype(Config);
            CandidateCount =
                Math.Clamp(OnnxModel.FirstDimension(Session.OutputMetadata, ModelOutputs.PriorIndex), 1, MaxCandidates);
            Check();
        }
        catch
        {
            _model.Dispose();
            throw;
        }
    }

    /// <summary>What the file says of itself.</summary>
    public Model.Import.ModelMetadata Metadata => _model.Metadata;

    /// <summary>The network.</summary>
    public YolactConfig Config => Metadata.Config;

    /// <summary>The runtime's session.</summary>
    public InferenceSession Session => _model.Session;

    /// <summary>Priors, <c>[N, 4]</c>: cx, cy, w, h, relative 0..1.</summary>
    public float[] Priors { get; }

    /// <summary>Side of the prototypes, in px.</summary>
    public int PrototypeSide { get; }

    /// <summary>Candidates that leave the graph: k, at most 65,535.</summary>
    public int CandidateCount { get; }

    /// <summary>Memory for one frame's way through the engine.</summary>
    public EngineSlot CreateSlot() => new(_model.IO, Metadata, CandidateCount, PrototypeSide);

    /// <inheritdoc/>
    public void Dispose() => _model.Dispose();

    private void Check()
    {
        int side = Config.InputSize, k = CandidateCount, dimensions = Config.Prototypes.Count;
        if (Metadata.Options.Input == InputForm.Float)
            _model.RequireInput(ModelOutputs.Image, TensorElementType.Float, 1, 3, side, side);
        else
            _model.RequireInput(ModelOutputs.Image, TensorElementType.UInt8, 1, side, side, 3);
        _model.RequireOutput(ModelOutputs.PriorIndex, TensorElementType.Int64, k);
        _model.RequireOutput(ModelOutputs.ClassProbability, TensorElementType.Float, k, Config.ClassesWithBackground);
        _model.RequireOutput(ModelOutputs.BoxRegression, TensorElementType.Float, k, 4);
        _model.RequireOutput(ModelOutputs.MaskCoefficient, TensorElementType.Float, k, dimensions);
        _model.RequireOutput(ModelOutputs.Prototype, TensorElementType.Float, 1, dimensions, PrototypeSide, PrototypeSide);
        _model.RequireOutput(ModelOutputs.Overflow, TensorElementType.Float, 1);
    }
}
