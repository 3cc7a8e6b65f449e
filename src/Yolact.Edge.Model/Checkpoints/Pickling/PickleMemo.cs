namespace Yolact.Edge.Model.Checkpoints.Pickling;

/// <summary>
/// Values that a pickle's program keeps under numbers. Python counts from 0, so they stand in a list: chosen numbers could make
/// a hash table slow.
/// </summary>
internal sealed class PickleMemo
{
    private const int MaxCount = 1 << 20;

    private static readonly object Unset = new();

    private readonly List<object?> _values = [];

    public uint Count => (uint)_values.Count;

    public void Store(uint index, object? value)
    {
        if (index >= MaxCount)
            throw new PickleFault($"stores a value under number {index}, beyond {MaxCount}");
        while (_values.Count <= index)
            _values.Add(Unset);
        _values[(int)index] = value;
    }

    public object? Recall(uint index) => index < Count && _values[(int)index] is var value && value != Unset
        ? value
        : throw new PickleFault($"recalls value {index}, which it never stored");
}
