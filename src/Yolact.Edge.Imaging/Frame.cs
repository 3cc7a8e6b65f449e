namespace Yolact.Edge.Imaging;

/// <summary>
/// One picture in pooled memory, reference-counted: whoever keeps a frame calls <see cref="AddReference"/>, and everyone who holds
/// a reference calls <see cref="Dispose"/> once. The last one gives the memory back to its <see cref="FramePool"/>.
/// </summary>
public sealed class Frame : IDisposable
{
    private readonly FramePool _pool;
    private byte[] _buffer = [];
    private int _references;

    internal Frame(FramePool pool) => _pool = pool;

    /// <summary>Size, format and strides.</summary>
    public FrameLayout Layout { get; private set; }

    /// <summary>Columns in px.</summary>
    public int Width => Layout.Width;

    /// <summary>Rows in px.</summary>
    public int Height => Layout.Height;

    /// <summary>How pixels are laid out.</summary>
    public PixelFormat Format => Layout.Format;

    /// <summary>The source's number of this frame: rises by one a frame taken, also for frames that were dropped on the way.</summary>
    public long Sequence { get; set; }

    /// <summary>When the picture was taken, as far as its source knows.</summary>
    public FrameTime Time { get; set; }

    /// <summary>The pixels, <see cref="FrameLayout.ByteCount"/> bytes.</summary>
    /// <exception cref="ObjectDisposedException">Every reference was given back.</exception>
    public Span<byte> Pixels
    {
        get
        {
            ObjectDisposedException.ThrowIf(Volatile.Read(ref _references) <= 0, this);
            return _buffer.AsSpan(0, Layout.ByteCount);
        }
    }

    /// <summary>One row of the first plane, without padding.</summary>
    /// <param name="y">Row, 0..<see cref="Height"/>-1.</param>
    public Span<byte> Row(int y)
    {
        ArgumentOutOfRangeException.ThrowIfGreaterThanOrEqual((uint)y, (uint)Height);
        int bytes = Format == PixelFormat.Yuy2 ? (Width + 1) / 2 * 4 : Width * Layout.BytesPerPixel;
        return Pixels.Slice(y * Layout.Stride, bytes);
    }

    /// <summary>Takes one more reference.</summary>
    /// <returns>This frame.</returns>
    /// <exception cref="ObjectDisposedException">Every reference was given back already.</exception>
    public Frame AddReference()
    {
        int seen;
        do
        {
            seen = Volatile.Read(ref _references);
            ObjectDisposedException.ThrowIf(seen <= 0, this);
        }
        while (Interlocked.CompareExchange(ref _references, seen + 1, seen) != seen);
        return this;
    }

    /// <summary>Gives one reference back; the last one returns the memory. Without a reference left it does nothing.</summary>
    public void Dispose()
    {
        int seen;
        do
        {
            seen = Volatile.Read(ref _references);
            if (seen <= 0)
                return;
        }
        while (Interlocked.CompareExchange(ref _references, seen - 1, seen) != seen);
        if (seen == 1)
            _pool.Return(this);
    }

    internal int Capacity => _buffer.Length;

    internal void Rent(FrameLayout layout)
    {
        int needed = layout.ByteCount;
        if (_buffer.Length < needed)
            _buffer = GC.AllocateUninitializedArray<byte>(needed, pinned: true);
        Layout = layout;
        Sequence = 0;
        Time = default;
        Volatile.Write(ref _references, 1);
    }
}
