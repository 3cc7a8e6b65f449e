using System.Globalization;
using System.Numerics;
using Yolact.Edge.Model.Checkpoints.Pickling;

namespace Yolact.Edge.Model.Checkpoints;

/// <summary>
/// PyTorch's format before 1.6: pickles of a magic number, the protocol version, facts of the machine, the object, and the list of
/// storage keys; then each storage in the list's order as an int64 count of elements and its little-endian data
/// (torch/serialization.py, <c>_legacy_save</c>).
/// </summary>
internal static class PyTorchLegacy
{
    private const long ProtocolVersion = 1001;

    private static readonly BigInteger Magic = BigInteger.Parse("01950a86a20f9469cfc6c", NumberStyles.HexNumber, CultureInfo.InvariantCulture);

    public static IReadOnlyList<TensorEntry> Read(CheckpointFile file)
    {
        ByteReader reader = file.Reader(0, file.Length);
        if (Pickle() is not BigInteger magic || magic != Magic)
            throw file.Error("is a Python pickle, but not PyTorch's: its magic number is missing");
        if (Pickle() is not ProtocolVersion)
            throw file.Error($"is of another version of PyTorch's older format than {ProtocolVersion}");
        if (Pickle() is not PickleDictionary machine || machine["little_endian"] is not true)
            throw file.Error("was written on a big-endian machine; load and save it anew on a little-endian one");
        var storages = new PickledStorages(file);
        object? root = new PickleMachine(reader, storages).Load();
        IReadOnlyList<(string Name, PickledTensor Tensor)> tensors = StateDict.Find(file, root);
        if (Pickle() is not List<object?> keys)
            throw file.Error("lacks the list of its storages; it is damaged");
        Dictionary<string, long> positions = Positions(file, storages, keys, reader.Position);
        return [.. tensors.Select(item => new TensorEntry(item.Name, item.Tensor.Storage.Type, item.Tensor.Shape,
            Position(item.Tensor.Storage) + (item.Tensor.Offset * item.Tensor.Storage.Type.Size()), item.Tensor.Strides))];

        object? Pickle() => new PickleMachine(reader, new PickledStorages(file)).Load();

        long Position(PickledStorage storage) => positions.TryGetValue(storage.Key, out long position)
            ? position
            : throw file.Error($"lacks the data of storage '{storage.Key}'; it is damaged");
    }

    private static Dictionary<string, long> Positions(CheckpointFile file, PickledStorages storages, List<object?> keys, long position)
    {
        var positions = new Dictionary<string, long>(StringComparer.Ordinal);
        foreach (object? item in keys)
        {
            if (item is not string key || !storages.ByKey.TryGetValue(key, out PickledStorage? storage))
                throw file.Error("lists a storage that no tensor uses; it is damaged");
            long count = file.ReadInt64(position);
            position += sizeof(long);
            if (count != storage.Count)
                throw file.Error($"storage '{key}' has {count} elements where {storage.Count} were announced; it is damaged");
            if (storage.Bytes > file.Length - position)
                throw file.Error($"is truncated: storage '{key}' needs {storage.Bytes} bytes at {position}, {file.Length - position} are left");
            if (!positions.TryAdd(key, position))
                throw file.Error($"lists storage '{key}' twice; it is damaged");
            position += storage.Bytes;
        }
        return positions;
    }
}
