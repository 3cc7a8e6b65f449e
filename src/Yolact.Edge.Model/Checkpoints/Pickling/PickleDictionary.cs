using System.Numerics;

namespace Yolact.Edge.Model.Checkpoints.Pickling;

/// <summary>
/// A dict or OrderedDict of a pickle, in the order of its items. Items under other keys than text (an optimizer's state has numbers)
/// hold nothing that is needed and are not kept.
/// </summary>
internal sealed class PickleDictionary
{
    /// <summary>The longest key, in characters; parameters' names are a tenth as long.</summary>
    public const int MaxKeyLength = 512;

    private readonly OrderedDictionary<string, object?> _items = new(StringComparer.Ordinal);

    /// <summary>The items whose keys are text.</summary>
    public IEnumerable<KeyValuePair<string, object?>> Items => _items;

    public object? this[string key] => _items.GetValueOrDefault(key);

    public static bool IsKey(object? value) => value is null or long or double or bool or BigInteger or string { Length: <= MaxKeyLength };

    public void Set(object? key, object? value)
    {
        if (key is string name)
            _items[name] = value;
    }
}
