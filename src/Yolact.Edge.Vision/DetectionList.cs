using System.Collections.Concurrent;
using Yolact.Edge.Imaging;

namespace Yolact.Edge.Vision;

/// <summary>
/// What was found in a picture, best final score first, in pooled memory: after <see cref="Dispose"/> neither the list nor the
/// detections' masks may be read. One owner.
/// </summary>
public sealed class DetectionList : IDisposable
{
    private readonly ConcurrentBag<DetectionList> _pool;
    private Detection[] _items = [];
    private ulong[] _words = [];
    private int _usedWords;
    private bool _disposed;

    internal DetectionList(ConcurrentBag<DetectionList> pool) => _pool = pool;

    /// <summary>Columns of the picture, in px.</summary>
    public int Width { get; private set; }

    /// <summary>Rows of the picture, in px.</summary>
    public int Height { get; private set; }

    /// <summary>How many detections there are.</summary>
    public int Count { get; private set; }

    /// <summary>
    /// True where more priors were above the score floor than the graph gives out, so that detections may be missing.
    /// </summary>
    public bool Overflow { get; private set; }

    /// <summary>The detections.</summary>
    /// <exception cref="ObjectDisposedException">The list was given back.</exception>
    public ReadOnlySpan<Detection> Items
    {
        get
        {
            ObjectDisposedException.ThrowIf(_disposed, this);
            return _items.AsSpan(0, Count);
        }
    }

    /// <summary>A detection.</summary>
    /// <param name="index">0..Count-1.</param>
    public Detection this[int index] => Items[index];

    /// <summary>Enumerates the detections.</summary>
    public ReadOnlySpan<Detection>.Enumerator GetEnumerator() => Items.GetEnumerator();

    /// <summary>Gives the memory back for another picture.</summary>
    public void Dispose()
    {
        if (_disposed)
            return;
        _disposed = true;
        _pool.Add(this);
    }

    /// <summary>Empties the list and makes room.</summary>
    internal void Begin(int width, int height, bool overflow, int detections, int words)
    {
        (_disposed, Width, Height, Overflow, Count, _usedWords) = (false, width, height, overflow, 0, 0);
        if (_items.Length < detections)
            _items = new Detection[detections];
        if (_words.Length < words)
            _words = GC.AllocateUninitializedArray<ulong>(words);
    }

    /// <summary>
    /// Memory for a mask, of undefined content; the sum of all must not exceed what <see cref="Begin"/> was told.
    /// </summary>
    internal Memory<ulong> TakeWords(int count)
    {
        Memory<ulong> words = _words.AsMemory(_usedWords, count);
        _usedWords += count;
        return words;
    }

    internal void Add(in Detection detection) => _items[Count++] = detection;

    /// <summary>Sorts by final score, equal ones by class and prior, and keeps the best.</summary>
    internal void SortAndKeep(int most)
    {
        _items.AsSpan(0, Count).Sort(static (a, b) =>
        {
            int order = b.Score.CompareTo(a.Score);
            if (order == 0)
                order = a.ClassId.CompareTo(b.ClassId);
            return order != 0 ? order : a.Prior.CompareTo(b.Prior);
        });
        Count = Math.Min(Count, most);
    }
}
