using Yolact.Edge.Model.Checkpoints.Pickling;

namespace Yolact.Edge.Model.Checkpoints;

/// <summary>
/// PyTorch's format since 1.6: a zip archive with the pickle <c>NAME/data.pkl</c> and each storage in <c>NAME/data/KEY</c>. NAME is
/// whatever the file was once called (caffe2/serialize/inline_container.h).
/// </summary>
internal static class PyTorchZip
{
    private const string PickleName = "/data.pkl";

    public static IReadOnlyList<TensorEntry> Read(CheckpointFile file)
    {
        IReadOnlyDictionary<string, ZipEntry> entries = StoredZip.Read(file);
        ZipEntry pickle = FindPickle(file, entries.Values);
        string folder = pickle.Name[..^PickleName.Length];
        CheckByteOrder(file, entries.GetValueOrDefault(folder + "/byteorder"));
        var storages = new PickledStorages(file);
        object? root = new PickleMachine(file.Reader(pickle.Start, pickle.Start + pickle.Size), storages).Load();
        return [.. StateDict.Find(file, root).Select(item => new TensorEntry(item.Name, item.Tensor.Storage.Type, item.Tensor.Shape,
            Position(item.Tensor.Storage) + (item.Tensor.Offset * item.Tensor.Storage.Type.Size()), item.Tensor.Strides))];

        long Position(PickledStorage storage)
        {
            if (!entries.TryGetValue($"{folder}/data/{storage.Key}", out ZipEntry? entry))
                throw file.Error($"lacks the data of storage '{storage.Key}'; it is damaged");
            return entry.Size == storage.Bytes
                ? entry.Start
                : throw file.Error($"storage '{storage.Key}' has {entry.Size} bytes where {storage.Bytes} were announced; it is damaged");
        }
    }

    private static ZipEntry FindPickle(CheckpointFile file, IEnumerable<ZipEntry> entries)
    {
        ZipEntry[] pickles = [.. entries.Where(entry => entry.Name.EndsWith(PickleName, StringComparison.Ordinal)
            && entry.Name.Count(c => c == '/') == 1)];
        if (pickles is not [var pickle])
            throw file.Error("is a zip archive, but not PyTorch's: one 'NAME/data.pkl' is expected in it");
        if (entries.Any(entry => entry.Name == pickle.Name[..^PickleName.Length] + "/constants.pkl"))
            throw file.Error("is a TorchScript program; save the network's state_dict instead");
        return pickle;
    }

    private static void CheckByteOrder(CheckpointFile file, ZipEntry? entry)
    {
        if (entry is null)
            return;
        ReadOnlySpan<byte> order = file.Reader(entry.Start, entry.Start + entry.Size).Read(entry.Size);
        if (!order.SequenceEqual("little"u8))
            throw file.Error("was written on a big-endian machine; load and save it anew on a little-endian one");
    }
}
