using System.Buffers.Binary;

namespace Yolact.Edge.Model.Checkpoints;

/// <summary>Reads a part of a file from front to back.</summary>
internal sealed class ByteReader(CheckpointFile file, long start, long end)
{
    /// <summary>The most that one call returns; nothing in a checkpoint's structure is longer.</summary>
    public const int MaxChunk = 64 << 10;

    private readonly byte[] _buffer = new byte[MaxChunk];
    private long _position = start;
    private int _next, _filled;

    public CheckpointFile File => file;

    /// <summary>Position in the file.</summary>
    public long Position => _position;

    public long Remaining => end - _position;

    public byte ReadByte() => Read(1)[0];

    public ushort ReadUInt16() => BinaryPrimitives.ReadUInt16LittleEndian(Read(2));

    public int ReadInt32() => BinaryPrimitives.ReadInt32LittleEndian(Read(4));

    public uint ReadUInt32() => BinaryPrimitives.ReadUInt32LittleEndian(Read(4));

    public long ReadInt64() => BinaryPrimitives.ReadInt64LittleEndian(Read(8));

    public ulong ReadUInt64() => BinaryPrimitives.ReadUInt64LittleEndian(Read(8));

    /// <summary>The next bytes; valid until the next call.</summary>
    public ReadOnlySpan<byte> Read(long count)
    {
        if (count is < 0 or > MaxChunk)
            throw file.Error($"has something {count} bytes long at byte {_position}, where no checkpoint has more than {MaxChunk}");
        if (count > Remaining)
            throw file.Error($"is truncated: {count} bytes are needed at byte {_position}, {Math.Max(0, Remaining)} are left");
        if (count > _filled - _next)
            Fill();
        ReadOnlySpan<byte> bytes = _buffer.AsSpan(_next, (int)count);
        _next += (int)count;
        _position += count;
        return bytes;
    }

    /// <summary>The bytes before the next line feed, which is skipped; valid until the next call.</summary>
    public ReadOnlySpan<byte> ReadLine()
    {
        if (_buffer.AsSpan(_next, _filled - _next).IndexOf((byte)'\n') < 0)
            Fill();
        int length = _buffer.AsSpan(_next, _filled - _next).IndexOf((byte)'\n');
        if (length < 0)
            throw file.Error($"is truncated or damaged: the line that starts at byte {_position} has no end");
        return Read(length + 1)[..length];
    }

    private void Fill()
    {
        _buffer.AsSpan(_next, _filled - _next).CopyTo(_buffer);
        _filled -= _next;
        _next = 0;
        int count = (int)Math.Min(_buffer.Length - _filled, end - _position - _filled);
        file.Read(_position + _filled, _buffer.AsSpan(_filled, count));
        _filled += count;
    }
}
