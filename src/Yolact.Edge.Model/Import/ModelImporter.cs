using Yolact.Edge.Model.Checkpoints;
using Yolact.Edge.Model.Configs;
using Yolact.Edge.Model.Parameters;

namespace Yolact.Edge.Model.Import;

/// <summary>From a checkpoint to ONNX files.</summary>
public static class ModelImporter
{
    /// <summary>Reads a checkpoint and writes it as ONNX. Weights pass through one at a time.</summary>
    /// <param name="checkpoint">PyTorch (zip or legacy) or safetensors.</param>
    /// <param name="config">The network; null to tell it from the checkpoint's parameters and file name.</param>
    /// <param name="options">How to write it.</param>
    /// <param name="files">Where to; the folder is made, existing files are replaced once the new ones are complete.</param>
    /// <param name="progress">Told the share of the work done, 0..1.</param>
    /// <param name="cancellation">Stops; nothing half-written stays.</param>
    /// <exception cref="CheckpointException">The checkpoint is damaged, or is none.</exception>
    /// <exception cref="UnknownNetworkException">It is a checkpoint of no named network.</exception>
    /// <exception cref="ParameterMismatchException">It is not a checkpoint of that network; lists every difference.</exception>
    /// <exception cref="IOException">The files cannot be written.</exception>
    public static ImportResult Import(string checkpoint, YolactConfig? config, ImportOptions options, ModelFiles files,
        IProgress<double>? progress = null, CancellationToken cancellation = default)
    {
        ArgumentNullException.ThrowIfNull(options);
        using Checkpoint opened = Checkpoint.Open(checkpoint);
        InferredConfig? inferred = config is null ? ConfigInference.Infer(opened) : null;
        config ??= inferred!.Config;
        ParameterSet parameters = ParameterSet.Load(opened, config);
        var metadata = new ModelMetadata(config, ModelMetadata.ThisBuilder, opened.ComputeSha256(), options);
        if (Path.GetDirectoryName(files.Main) is { Length: > 0 } folder)
            Directory.CreateDirectory(folder);
        ModelWriter.Write(metadata, parameters.Read, files, progress, cancellation);
        return new ImportResult(files, config, inferred?.Note);
    }
}

/// <summary>What an import wrote.</summary>
/// <param name="Files">The files.</param>
/// <param name="Config">The network.</param>
/// <param name="Note">What a person should know of how the network was told from the checkpoint; null where there is nothing.</param>
public sealed record ImportResult(ModelFiles Files, YolactConfig Config, string? Note);
