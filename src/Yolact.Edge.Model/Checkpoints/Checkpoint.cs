using System.Collections.ObjectModel;

namespace Yolact.Edge.Model.Checkpoints;

/// <summary>
/// A file of named tensors: what PyTorch's <c>torch.save</c> writes of a state dict (in both its formats), or safetensors. Opening reads
/// the structure alone; tensors are mapped when they are read. Nothing in a file is ever executed. Safe for use by several threads.
/// </summary>
public sealed class Checkpoint : IDisposable
{
    private readonly CheckpointFile _file;

    /// <summary>The file.</summary>
    public string Path => _file.Path;

    /// <summary>Size of the file in bytes.</summary>
    public long Length => _file.Length;

    /// <summary>Its format.</summary>
    public CheckpointFormat Format { get; }

    /// <summary>The tensors in the order of the file, under the file's own keys.</summary>
    public IReadOnlyDictionary<string, TensorEntry> Tensors { get; }

    private Checkpoint(CheckpointFile file, CheckpointFormat format, IReadOnlyList<TensorEntry> tensors)
    {
        (_file, Format) = (file, format);
        var byName = new OrderedDictionary<string, TensorEntry>(tensors.Count, StringComparer.Ordinal);
        foreach (TensorEntry tensor in tensors)
            byName.Add(tensor.Name, tensor);
        Tensors = new ReadOnlyDictionary<string, TensorEntry>(byName);
    }

    /// <summary>
    /// Opens a checkpoint. A state dict inside of <c>state_dict</c>, <c>model_state_dict</c> or <c>model</c>, as training scripts save
    /// it beside an optimizer's state, is taken out.
    /// </summary>
    /// <param name="path">The file; it must not change while it is open.</param>
    /// <exception cref="CheckpointException">It cannot be opened, is damaged, is no checkpoint, or asks for more than tensors.</exception>
    public static Checkpoint Open(string path)
    {
        ArgumentException.ThrowIfNullOrEmpty(path);
        CheckpointFile file = CheckpointFile.Open(path);
        try
        {
            CheckpointFormat format = FormatDetection.Detect(file);
            IReadOnlyList<TensorEntry> tensors = format switch
            {
                CheckpointFormat.PyTorchZip => PyTorchZip.Read(file),
                CheckpointFormat.PyTorchLegacy => PyTorchLegacy.Read(file),
                _ => Safetensors.Read(file),
            };
            return new Checkpoint(file, format, tensors);
        }
        catch
        {
            file.Dispose();
            throw;
        }
    }

    /// <summary>Reads a tensor as float32 in C order; other types are converted.</summary>
    /// <param name="name">A key of <see cref="Tensors"/>.</param>
    /// <param name="destination">Takes exactly the tensor's count of elements.</param>
    /// <exception cref="KeyNotFoundException">No such tensor.</exception>
    /// <exception cref="ArgumentException">The destination has another length.</exception>
    /// <exception cref="CheckpointException">The file cannot be read.</exception>
    public void Read(string name, Span<float> destination)
    {
        TensorEntry tensor = Tensors[name];
        if (destination.Length != tensor.Count)
            throw new ArgumentException($"'{name}' has {tensor.Count} elements, the destination {destination.Length}", nameof(destination));
        TensorReader.Read(_file, tensor, destination);
    }

    /// <summary>SHA-256 of the whole file in lower-case hexadecimal; reads all of it.</summary>
    /// <exception cref="CheckpointException">The file cannot be read.</exception>
    public string ComputeSha256() => _file.Sha256();

    /// <summary>Closes the file.</summary>
    public void Dispose() => _file.Dispose();
}
