using System.Buffers.Binary;
using System.IO.Compression;
using System.Text;
using Yolact.Edge.Capture.Lines;

namespace Yolact.Edge.Capture.Recordings;

/// <summary>What a recording holds next.</summary>
/// <param name="Frame">A frame; null for an edge. The receiver disposes of it.</param>
/// <param name="Line">The line of an edge; null for a frame.</param>
/// <param name="Edge">The edge.</param>
public readonly record struct RecordedItem(Frame? Frame, string? Line, LineEvent Edge);

/// <summary>
/// Reads a recording. One that was cut off ends at the last whole record; a damaged one ends before the damage; either is said by
/// <see cref="Problem"/>. For one thread.
/// </summary>
public sealed class RecordingReader : IDisposable
{
    private readonly FileStream _file;
    private readonly FramePool _pool;
    private byte[] _buffer = new byte[4096];
    private long _frames;
    private long _edges;

    /// <summary>True where a file begins as recordings do.</summary>
    /// <param name="path">An existing file.</param>
    public static bool IsRecording(string path)
    {
        using FileStream file = File.OpenRead(path);
        Span<byte> magic = stackalloc byte[8];
        return file.ReadAtLeast(magic, magic.Length, throwOnEndOfStream: false) == magic.Length && magic.SequenceEqual(RecordingFormat.Magic);
    }

    /// <summary>Opens a recording.</summary>
    /// <param name="path">The file; a <c>.partial</c> one can be read, too.</param>
    /// <param name="pool">Where frames come from.</param>
    /// <exception cref="IOException">The file cannot be read.</exception>
    /// <exception cref="InvalidDataException">It is no recording.</exception>
    public RecordingReader(string path, FramePool pool)
    {
        ArgumentNullException.ThrowIfNull(path);
        ArgumentNullException.ThrowIfNull(pool);
        _pool = pool;
        _file = new FileStream(path, FileMode.Open, FileAccess.Read, FileShare.ReadWrite, 1 << 16);
        Span<byte> magic = stackalloc byte[8];
        if (_file.ReadAtLeast(magic, magic.Length, throwOnEndOfStream: false) == magic.Length && magic.SequenceEqual(RecordingFormat.Magic))
            return;
        _file.Dispose();
        throw new InvalidDataException($"{path} is no recording (it does not begin with {Encoding.ASCII.GetString(RecordingFormat.Magic).TrimEnd()}).");
    }

    /// <summary>Why reading ended before the recording's own end; null while it has not, or where it is whole.</summary>
    public string? Problem { get; private set; }

    /// <summary>True once the recording's end was reached.</summary>
    public bool IsComplete { get; private set; }

    /// <summary>The next frame or edge; null at the end.</summary>
    public RecordedItem? Next()
    {
        while (!IsComplete && Problem is null)
        {
            if (ReadRecord() is not var (kind, length))
                return null;
            ReadOnlySpan<byte> payload = _buffer.AsSpan(RecordingFormat.HeadLength, length);
            switch (kind)
            {
                case RecordingFormat.Frame:
                    if (ReadFrame(payload) is not { } frame)
                        return null;
                    _frames++;
                    return new(frame, null, default);
                case RecordingFormat.Edge:
                    if (ReadEdge(payload) is not { } edge)
                        return null;
                    _edges++;
                    return edge;
                case RecordingFormat.End:
                    ReadEnd(payload);
                    return null;
            }
        }
        return null;
    }

    /// <summary>Begins anew.</summary>
    public void Rewind()
    {
        _file.Position = RecordingFormat.Magic.Length;
        (IsComplete, Problem, _frames, _edges) = (false, null, 0, 0);
    }

    /// <summary>Closes the file.</summary>
    public void Dispose() => _file.Dispose();

    private (byte Kind, int Length)? ReadRecord()
    {
        long at = _file.Position;
        if (!Fill(0, RecordingFormat.HeadLength))
            return Fail($"cut off at byte {at}");
        uint kind = BinaryPrimitives.ReadUInt32LittleEndian(_buffer);
        uint length = BinaryPrimitives.ReadUInt32LittleEndian(_buffer.AsSpan(4));
        if (kind > byte.MaxValue || length > RecordingFormat.MaxPayload)
            return Fail($"damaged at byte {at}: no record begins here");
        // Memory is taken for what is there, not for what a damaged length promises.
        if (length + RecordingFormat.TailLength > _file.Length - _file.Position || !Fill(RecordingFormat.HeadLength, (int)length + RecordingFormat.TailLength))
            return Fail($"cut off at byte {at}");
        int end = RecordingFormat.HeadLength + (int)length;
        uint crc = ~RecordingFormat.Crc(uint.MaxValue, _buffer.AsSpan(0, end));
        return crc == BinaryPrimitives.ReadUInt32LittleEndian(_buffer.AsSpan(end)) ? ((byte)kind, (int)length) : Fail($"damaged at byte {at}: its checksum is wrong");
    }

    private (byte, int)? Fail(string problem)
    {
        Problem = $"The recording {_file.Name} is {problem}; what comes before was read.";
        return null;
    }

    private bool Fill(int offset, int count)
    {
        if (_buffer.Length < offset + count)
            Array.Resize(ref _buffer, offset + count);
        return _file.ReadAtLeast(_buffer.AsSpan(offset, count), count, throwOnEndOfStream: false) == count;
    }

    private Frame? ReadFrame(ReadOnlySpan<byte> payload)
    {
        if (payload.Length < RecordingFormat.FrameHeadLength || !TryReadHead(payload, out FrameLayout layout, out FrameTime time))
        {
            Fail($"damaged: frame {_frames} has no valid head");
            return null;
        }
        ReadOnlySpan<byte> stored = payload[RecordingFormat.FrameHeadLength..];
        Frame frame = _pool.Rent(layout);
        bool whole = (RecordingCompression)payload[50] switch
        {
            RecordingCompression.Raw => stored.Length == layout.ByteCount && stored.TryCopyTo(frame.Pixels),
            RecordingCompression.Brotli => BrotliDecoder.TryDecompress(stored, frame.Pixels, out int written) && written == layout.ByteCount,
            _ => false,
        };
        if (whole)
        {
            frame.Sequence = BinaryPrimitives.ReadInt64LittleEndian(payload);
            frame.Time = time;
            return frame;
        }
        frame.Dispose();
        Fail($"damaged: the pixels of frame {_frames} cannot be unpacked");
        return null;
    }

    private static bool TryReadHead(ReadOnlySpan<byte> head, out FrameLayout layout, out FrameTime time)
    {
        (layout, time) = (default, default);
        int width = BinaryPrimitives.ReadInt32LittleEndian(head[40..]);
        int height = BinaryPrimitives.ReadInt32LittleEndian(head[44..]);
        var meaning = (FrameTimeMeaning)head[48];
        var format = (PixelFormat)head[49];
        // The last keeps the layout's own products, at most four bytes a pixel, within an int.
        if (width is < 1 or > FrameLayout.MaxSide || height is < 1 or > FrameLayout.MaxSide || !Enum.IsDefined(meaning)
            || !Enum.IsDefined(format) || (long)width * height > RecordingFormat.MaxPixelBytes)
            return false;
        layout = FrameLayout.Packed(width, height, format);
        time = new(new(BinaryPrimitives.ReadInt64LittleEndian(head[8..])), meaning,
            TimeSpan.FromTicks(BinaryPrimitives.ReadInt64LittleEndian(head[16..])), Span(head[24..]), Span(head[32..]));
        return layout.ByteCount is > 0 and <= RecordingFormat.MaxPixelBytes;

        static TimeSpan? Span(ReadOnlySpan<byte> at) =>
            BinaryPrimitives.ReadInt64LittleEndian(at) is >= 0 and var ticks ? TimeSpan.FromTicks(ticks) : null;
    }

    private RecordedItem? ReadEdge(ReadOnlySpan<byte> payload)
    {
        if (payload.Length < RecordingFormat.EdgeHeadLength || payload.Length != RecordingFormat.EdgeHeadLength + payload[17] || payload[16] > 1)
        {
            Fail($"damaged: edge {_edges} is malformed");
            return null;
        }
        string line = Encoding.UTF8.GetString(payload[RecordingFormat.EdgeHeadLength..]);
        return new(null, line, new(new(BinaryPrimitives.ReadInt64LittleEndian(payload)), (LineEdge)payload[16],
            BinaryPrimitives.ReadInt64LittleEndian(payload[8..])));
    }

    private void ReadEnd(ReadOnlySpan<byte> payload)
    {
        if (payload.Length == RecordingFormat.EndLength && BinaryPrimitives.ReadInt64LittleEndian(payload) == _frames
            && BinaryPrimitives.ReadInt64LittleEndian(payload[8..]) == _edges)
            IsComplete = true;
        else
            Fail($"damaged: its end speaks of other frames and edges than the {_frames} and {_edges} read");
    }
}
