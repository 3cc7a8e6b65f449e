namespace Yolact.Edge.Model.Checkpoints.Pickling;

/// <summary>The stack of a pickle's program, with marks below which nothing may be taken.</summary>
internal sealed class PickleStack
{
    private const int MaxDepth = 1 << 16;

    private readonly List<object?> _values = [];
    private readonly Stack<int> _marks = new();

    private int Floor => _marks.TryPeek(out int mark) ? mark : 0;

    public object? Top => _values.Count > Floor ? _values[^1] : throw Empty();

    public void Push(object? value)
    {
        if (_values.Count >= MaxDepth)
            throw TooDeep();
        _values.Add(value);
    }

    public void Mark()
    {
        if (_marks.Count >= MaxDepth)
            throw TooDeep();
        _marks.Push(_values.Count);
    }

    public object? Pop()
    {
        object? value = Top;
        _values.RemoveAt(_values.Count - 1);
        return value;
    }

    /// <summary>The topmost values in the order they were pushed.</summary>
    public object?[] Pop(int count) => _values.Count - Floor >= count ? Cut(_values.Count - count) : throw Empty();

    /// <summary>All values above the last mark, and the mark.</summary>
    public object?[] PopToMark() => _marks.TryPop(out int mark) ? Cut(mark) : throw new PickleFault("looks for a mark that was not set");

    /// <summary>Drops the topmost value, or the mark where nothing lies above it, as Python does.</summary>
    public void Discard()
    {
        if (_marks.TryPeek(out int mark) && mark == _values.Count)
            _marks.Pop();
        else
            Pop();
    }

    /// <summary>The one value that a finished program leaves.</summary>
    public object? Single() =>
        _values.Count == 1 && _marks.Count == 0 ? _values[0] : throw new PickleFault("ends with a stack of other than one value");

    private object?[] Cut(int from)
    {
        object?[] values = [.. _values[from..]];
        _values.RemoveRange(from, values.Length);
        return values;
    }

    private static PickleFault Empty() => new("takes from an empty stack");

    private static PickleFault TooDeep() => new($"needs a stack of more than {MaxDepth} values");
}
