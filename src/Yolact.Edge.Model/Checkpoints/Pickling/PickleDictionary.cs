namespace Yolact.Edge.Model.Checkpoints.Pickling;

/// <summary>A dict or OrderedDict of a pickle, in the order of its items. Keys are strings, integers, floats, bools or null.</summary>
internal sealed class PickleDictionary
{
    private static readonly object NullKey = new();

    private readonly OrderedDictionary<object, object?> _items = [];

    public int Count => _items.Count;

    /// <summary>The items whose keys are strings.</summary>
    public IEnumerable<(string Key, object? Value)> Named
    {
        get
        {
            foreach (KeyValuePair<object, object?> item in _items)
            {
                if (item.Key is string key)
                    yield return (key, item.Value);
            }
        }
    }

    public object? this[string key] => _items.GetValueOrDefault(key);

    public void Set(object? key, object? value) => _items[key ?? NullKey] = value;

    public static bool IsKey(object? value) => value is null or string or long or double or bool or System.Numerics.BigInteger;
}
