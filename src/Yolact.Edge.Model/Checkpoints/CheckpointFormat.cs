namespace Yolact.Edge.Model.Checkpoints;

/// <summary>File formats of checkpoints.</summary>
public enum CheckpointFormat
{
    /// <summary>PyTorch 1.6 and later: a zip archive of uncompressed storages beside a pickle.</summary>
    PyTorchZip,

    /// <summary>PyTorch before 1.6: a stream of pickles followed by the storages.</summary>
    PyTorchLegacy,

    /// <summary>A JSON header followed by the tensors.</summary>
    Safetensors,
}
