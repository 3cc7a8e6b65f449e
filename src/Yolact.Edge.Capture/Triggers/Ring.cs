namespace Yolact.Edge.Capture.Triggers;

/// <summary>A queue of fixed capacity whose elements can be reached and removed in place. Allocates once.</summary>
internal sealed class Ring<T>(int capacity)
    where T : struct
{
    private readonly T[] _items = new T[capacity];
    private int _head;

    public int Count { get; private set; }

    public bool IsFull => Count == _items.Length;

    /// <summary>The element <paramref name="index"/> after the oldest.</summary>
    public ref T this[int index] => ref _items[(_head + index) % _items.Length];

    public void Add(in T item)
    {
        if (IsFull)
            throw new InvalidOperationException("the ring is full");
        this[Count++] = item;
    }

    public void RemoveFirst()
    {
        _head = (_head + 1) % _items.Length;
        Count--;
    }

    public void RemoveAt(int index)
    {
        if (index == 0)
        {
            RemoveFirst();
            return;
        }
        for (int i = index + 1; i < Count; i++)
            this[i - 1] = this[i];
        Count--;
    }

    public void Clear() => Count = 0;
}
