using System.Numerics;

namespace Yolact.Edge.Model.Checkpoints.Pickling;

/// <summary>The storages that a pickle has named so far.</summary>
internal sealed class PickledStorages(CheckpointFile file)
{
    private const int MaxStorages = 1 << 16;
    private const int MaxKeyLength = 64;

    private readonly Dictionary<string, PickledStorage> _byKey = new(StringComparer.Ordinal);

    /// <summary>By their names.</summary>
    public IReadOnlyDictionary<string, PickledStorage> ByKey => _byKey;

    /// <summary>
    /// What a persistent id stands for: <c>('storage', type, key, location, count)</c>, in the older format with a sixth element that is
    /// null or <c>(key of the view, start, count)</c>. The location (<c>cpu</c>, <c>cuda:0</c>) is where the tensor once was, and is ignored.
    /// </summary>
    /// <returns>Null where it describes no storage.</returns>
    public PickledStorageView? Resolve(object? id)
    {
        if (id is not object?[] parts
            || parts is not ["storage", PickleGlobal { Kind: PickleGlobalKind.Storage } global,
                string { Length: <= MaxKeyLength } key, string, long count, .. object?[] rest])
            return null;
        var storage = new PickledStorage(global.ElementType, key, count);
        if (count < 0 || (BigInteger)count * global.ElementType.Size() > file.Length)
            throw file.Error($"storage '{key}' claims {count} elements, which the file of {file.Length} bytes cannot hold;"
                + " it is truncated or damaged");
        if (!_byKey.TryAdd(key, storage) && _byKey[key] != storage)
            throw file.Error($"storage '{key}' is described in two ways");
        if (_byKey.Count > MaxStorages)
            throw file.Error($"has more than {MaxStorages} storages");
        return rest switch
        {
            [] or [null] => new PickledStorageView(storage, 0, count),
            [object?[] and [string, long start, long length]] when start >= 0 && length >= 0 && start <= count && length <= count - start =>
                new PickledStorageView(storage, start, length),
            _ => null,
        };
    }
}
