using System.Buffers.Binary;
using System.IO.Compression;
using System.Text;
using Yolact.Edge.Capture.Lines;

namespace Yolact.Edge.Capture.Recordings;

/// <summary>
/// Writes frames and edges, in the order in which they come, into a recording. The file appears under its name when it is complete;
/// until then it grows beside it as <c>NAME.partial</c>, which can be read, too. Safe for use from several threads.
/// </summary>
public sealed class RecordingWriter : IDisposable
{
    private const int BrotliFastest = 1;
    private const int BrotliWindow = 22;

    private readonly Lock _lock = new();
    private readonly string _path;
    private readonly string _partial;
    private readonly RecordingCompression _compression;
    private readonly long _maxBytes;
    private readonly FileStream _file;
    private byte[] _buffer = [];
    private bool _closed;

    /// <summary>Begins a recording.</summary>
    /// <param name="path">Where it is to appear; replaced where it exists.</param>
    /// <param name="compression">How pixels are stored.</param>
    /// <param name="maxBytes">What the file may hold at most; a frame beyond that is refused.</param>
    /// <exception cref="IOException">The file cannot be made.</exception>
    public RecordingWriter(string path, RecordingCompression compression = RecordingCompression.Brotli, long maxBytes = 16L << 30)
    {
        ArgumentException.ThrowIfNullOrEmpty(path);
        ArgumentOutOfRangeException.ThrowIfLessThan(maxBytes, 1 << 10);
        _path = path;
        _partial = path + ".partial";
        _compression = compression;
        _maxBytes = maxBytes;
        _file = new FileStream(_partial, FileMode.Create, FileAccess.Write, FileShare.Read, 1 << 16);
        _file.Write(RecordingFormat.Magic);
    }

    /// <summary>Frames written.</summary>
    public long Frames { get; private set; }

    /// <summary>Edges written.</summary>
    public long Edges { get; private set; }

    /// <summary>Writes a frame with its number and time; does not dispose of it.</summary>
    /// <param name="frame">At most 256 MiB of pixels.</param>
    /// <returns>False where the recording is full: nothing was written.</returns>
    /// <exception cref="IOException">The disk refused.</exception>
    public bool Write(Frame frame)
    {
        ArgumentNullException.ThrowIfNull(frame);
        FrameLayout packed = FrameLayout.Packed(frame.Width, frame.Height, frame.Format);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(packed.ByteCount, RecordingFormat.MaxPixelBytes, nameof(frame));
        lock (_lock)
        {
            ObjectDisposedException.ThrowIf(_closed, this);
            // Head, room for the worst case of Brotli, and behind it the packed pixels that it reads.
            int room = _compression == RecordingCompression.Brotli ? BrotliEncoder.GetMaxCompressedLength(packed.ByteCount) : packed.ByteCount;
            int head = RecordingFormat.HeadLength + RecordingFormat.FrameHeadLength;
            Reserve(head + room + RecordingFormat.TailLength + packed.ByteCount);
            Span<byte> pixels = _compression == RecordingCompression.Raw
                ? _buffer.AsSpan(head, packed.ByteCount)
                : _buffer.AsSpan(head + room + RecordingFormat.TailLength, packed.ByteCount);
            Pack(frame, packed, pixels);
            int length = packed.ByteCount;
            if (_compression == RecordingCompression.Brotli
                && !BrotliEncoder.TryCompress(pixels, _buffer.AsSpan(head, room), out length, BrotliFastest, BrotliWindow))
                throw new IOException("Brotli could not compress a frame into the room it asked for");
            WriteFrameHead(_buffer.AsSpan(RecordingFormat.HeadLength), frame);
            if (!Append(RecordingFormat.Frame, RecordingFormat.FrameHeadLength + length))
                return false;
            Frames++;
            return true;
        }
    }

    /// <summary>Writes an edge.</summary>
    /// <param name="line">The line's name, at most 255 bytes of UTF-8.</param>
    /// <param name="edge">The edge.</param>
    /// <returns>False where the recording is full.</returns>
    /// <exception cref="IOException">The disk refused.</exception>
    public bool Write(string line, LineEvent edge)
    {
        ArgumentNullException.ThrowIfNull(line);
        int nameLength = Encoding.UTF8.GetByteCount(line);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(nameLength, byte.MaxValue, nameof(line));
        lock (_lock)
        {
            ObjectDisposedException.ThrowIf(_closed, this);
            Reserve(RecordingFormat.HeadLength + RecordingFormat.EdgeHeadLength + nameLength + RecordingFormat.TailLength);
            Span<byte> payload = _buffer.AsSpan(RecordingFormat.HeadLength);
            BinaryPrimitives.WriteInt64LittleEndian(payload, edge.Time.Nanoseconds);
            BinaryPrimitives.WriteInt64LittleEndian(payload[8..], edge.Sequence);
            payload[16] = (byte)edge.Edge;
            payload[17] = (byte)nameLength;
            Encoding.UTF8.GetBytes(line, payload[RecordingFormat.EdgeHeadLength..]);
            if (!Append(RecordingFormat.Edge, RecordingFormat.EdgeHeadLength + nameLength))
                return false;
            Edges++;
            return true;
        }
    }

    /// <summary>Completes the recording: end record, sync to disk, then its name.</summary>
    /// <exception cref="IOException">The disk refused; the partial file stays.</exception>
    public void Finish()
    {
        lock (_lock)
        {
            ObjectDisposedException.ThrowIf(_closed, this);
            Reserve(RecordingFormat.HeadLength + RecordingFormat.EndLength + RecordingFormat.TailLength);
            BinaryPrimitives.WriteInt64LittleEndian(_buffer.AsSpan(RecordingFormat.HeadLength), Frames);
            BinaryPrimitives.WriteInt64LittleEndian(_buffer.AsSpan(RecordingFormat.HeadLength + 8), Edges);
            WriteRecord(RecordingFormat.End, RecordingFormat.EndLength);
            _file.Flush(flushToDisk: true);
            _closed = true;
            _file.Dispose();
            File.Move(_partial, _path, overwrite: true);
        }
    }

    /// <summary>Gives an unfinished recording up and deletes it; does nothing after <see cref="Finish"/>.</summary>
    public void Dispose()
    {
        lock (_lock)
        {
            if (_closed)
                return;
            _closed = true;
            _file.Dispose();
            File.Delete(_partial);
        }
    }

    private static void WriteFrameHead(Span<byte> head, Frame frame)
    {
        FrameTime time = frame.Time;
        BinaryPrimitives.WriteInt64LittleEndian(head, frame.Sequence);
        BinaryPrimitives.WriteInt64LittleEndian(head[8..], time.Time.Nanoseconds);
        BinaryPrimitives.WriteInt64LittleEndian(head[16..], time.Uncertainty.Ticks);
        BinaryPrimitives.WriteInt64LittleEndian(head[24..], time.Exposure?.Ticks ?? -1);
        BinaryPrimitives.WriteInt64LittleEndian(head[32..], time.Readout?.Ticks ?? -1);
        BinaryPrimitives.WriteInt32LittleEndian(head[40..], frame.Width);
        BinaryPrimitives.WriteInt32LittleEndian(head[44..], frame.Height);
        head[48] = (byte)time.Meaning;
        head[49] = (byte)frame.Format;
    }

    private static void Pack(Frame frame, FrameLayout packed, Span<byte> pixels)
    {
        if (frame.Layout == packed)
        {
            frame.Pixels.CopyTo(pixels);
            return;
        }
        for (int y = 0; y < frame.Height; y++)
            frame.Row(y).CopyTo(pixels[(y * packed.Stride)..]);
        if (frame.Format != PixelFormat.Nv12)
            return;
        for (int y = 0; y < (frame.Height + 1) / 2; y++)
        {
            frame.Pixels.Slice(frame.Layout.ChromaOffset + (y * frame.Layout.ChromaStride), packed.ChromaStride)
                .CopyTo(pixels[(packed.ChromaOffset + (y * packed.ChromaStride))..]);
        }
    }

    private bool Append(byte kind, int length)
    {
        if (kind == RecordingFormat.Frame)
        {
            _buffer[RecordingFormat.HeadLength + 50] = (byte)_compression;
            _buffer[RecordingFormat.HeadLength + 51] = 0;
        }
        int record = RecordingFormat.HeadLength + length + RecordingFormat.TailLength;
        int end = RecordingFormat.HeadLength + RecordingFormat.EndLength + RecordingFormat.TailLength;
        if (_file.Position + record + end > _maxBytes)
            return false;
        WriteRecord(kind, length);
        return true;
    }

    private void WriteRecord(byte kind, int length)
    {
        BinaryPrimitives.WriteUInt32LittleEndian(_buffer, kind);
        BinaryPrimitives.WriteUInt32LittleEndian(_buffer.AsSpan(4), (uint)length);
        Span<byte> content = _buffer.AsSpan(0, RecordingFormat.HeadLength + length);
        BinaryPrimitives.WriteUInt32LittleEndian(_buffer.AsSpan(content.Length), ~RecordingFormat.Crc(uint.MaxValue, content));
        _file.Write(_buffer, 0, content.Length + RecordingFormat.TailLength);
    }

    private void Reserve(int bytes)
    {
        if (_buffer.Length < bytes)
            _buffer = GC.AllocateUninitializedArray<byte>(bytes);
    }
}
