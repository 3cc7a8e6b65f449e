using System.Buffers;
using System.Text.Json;

namespace Yolact.Edge.Messaging.Payloads;

/// <summary>
/// The bytes of one message in memory that is used again: rented from a <see cref="PayloadPool"/>, given back by
/// <see cref="Dispose"/>. Carries its own JSON writer, so that writing a message allocates nothing once it has grown.
/// </summary>
public sealed class PayloadBuffer : IBufferWriter<byte>, IDisposable
{
    private const int FirstBytes = 4096;

    private readonly PayloadPool _pool;
    private readonly Utf8JsonWriter _json;
    private byte[] _bytes = new byte[FirstBytes];
    private int _written;
    private int _rented = 1;

    internal PayloadBuffer(PayloadPool pool)
    {
        _pool = pool;
        // Nothing here goes into HTML, and run lengths are full of characters that the default encoder blows up sixfold.
        _json = new Utf8JsonWriter(this, PayloadJson.WriterOptions);
    }

    /// <summary>What was written.</summary>
    public ReadOnlyMemory<byte> WrittenMemory => _bytes.AsMemory(0, _written);

    /// <summary>What was written.</summary>
    public ReadOnlySpan<byte> WrittenSpan => _bytes.AsSpan(0, _written);

    /// <summary>Bytes written.</summary>
    public int Length => _written;

    /// <summary>Forgets what was written and hands out the writer for a new document. Flush it when done.</summary>
    public Utf8JsonWriter BeginJson()
    {
        _written = 0;
        _json.Reset();
        return _json;
    }

    /// <inheritdoc/>
    public void Advance(int count)
    {
        ArgumentOutOfRangeException.ThrowIfGreaterThan((uint)count, (uint)(_bytes.Length - _written), nameof(count));
        _written += count;
    }

    /// <inheritdoc/>
    public Memory<byte> GetMemory(int sizeHint = 0)
    {
        Reserve(sizeHint);
        return _bytes.AsMemory(_written);
    }

    /// <inheritdoc/>
    public Span<byte> GetSpan(int sizeHint = 0) => GetMemory(sizeHint).Span;

    /// <summary>Gives the memory back; the bytes must not be used any more.</summary>
    public void Dispose()
    {
        if (Interlocked.Exchange(ref _rented, 0) == 1)
            _pool.Return(this);
    }

    internal int Capacity => _bytes.Length;

    internal PayloadBuffer Rent()
    {
        _written = 0;
        Volatile.Write(ref _rented, 1);
        return this;
    }

    private void Reserve(int sizeHint)
    {
        int needed = _written + Math.Max(sizeHint, 256);
        if (needed > _bytes.Length)
            Array.Resize(ref _bytes, Math.Max(needed, _bytes.Length * 2));
    }
}
