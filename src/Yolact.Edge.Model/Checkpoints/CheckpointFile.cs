using System.IO.MemoryMappedFiles;
using System.Security.Cryptography;
using Microsoft.Win32.SafeHandles;

namespace Yolact.Edge.Model.Checkpoints;

/// <summary>
/// The file under a checkpoint. The structure is read through a small buffer; tensors through views that are mapped one at a time, so
/// that pages of the file never add up to its size in the process's resident memory.
/// </summary>
internal sealed class CheckpointFile : IDisposable
{
    private const int HashBufferBytes = 1 << 20;

    private readonly SafeFileHandle _handle;
    private readonly MemoryMappedFile _map;

    public string Path { get; }

    public long Length { get; }

    private CheckpointFile(string path, SafeFileHandle handle, MemoryMappedFile map, long length) =>
        (Path, _handle, _map, Length) = (path, handle, map, length);

    public static CheckpointFile Open(string path)
    {
        if (Directory.Exists(path))
            throw new CheckpointException(path, "is a folder, not a checkpoint file");
        SafeFileHandle? handle = null;
        try
        {
            // Pipes and devices have no length; opening a pipe would wait for a writer.
            if (new FileInfo(path) is { Exists: true, Length: 0 })
                throw new CheckpointException(path, "is empty (or no regular file)");
            handle = File.OpenHandle(path, FileMode.Open, FileAccess.Read, FileShare.Read);
            long length = RandomAccess.GetLength(handle);
            return new CheckpointFile(path, handle,
                MemoryMappedFile.CreateFromFile(handle, null, 0, MemoryMappedFileAccess.Read, HandleInheritability.None, leaveOpen: true), length);
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException or ArgumentException)
        {
            handle?.Dispose();
            throw new CheckpointException(path, $"cannot be opened: {error.Message}", error);
        }
    }

    public CheckpointException Error(string problem) => new(Path, problem);

    /// <summary>A reader of a part of the file.</summary>
    public ByteReader Reader(long start, long end) => new(this, start, end);

    /// <summary>Fills the buffer from a position.</summary>
    public void Read(long position, Span<byte> buffer)
    {
        while (!buffer.IsEmpty)
        {
            int read;
            try
            {
                read = RandomAccess.Read(_handle, buffer, position);
            }
            catch (IOException error)
            {
                throw new CheckpointException(Path, $"cannot be read at byte {position}: {error.Message}", error);
            }
            if (read == 0)
                throw Error($"is truncated: it ends at byte {position}");
            buffer = buffer[read..];
            position += read;
        }
    }

    /// <summary>A little-endian integer at a position.</summary>
    public long ReadInt64(long position)
    {
        Span<byte> bytes = stackalloc byte[sizeof(long)];
        Read(position, bytes);
        return BitConverter.ToInt64(bytes);
    }

    /// <summary>Maps a part of the file.</summary>
    public MappedView Map(long position, long count)
    {
        // Touching a mapped page behind the end of a file that has shrunk kills the process.
        if (position < 0 || count < 0 || count > RandomAccess.GetLength(_handle) - position)
            throw Error($"is truncated: {count} bytes at {position} lie behind its end; was it changed while it was read?");
        return new MappedView(_map, position, count);
    }

    public string Sha256()
    {
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        var buffer = new byte[HashBufferBytes];
        for (long position = 0; position < Length;)
        {
            int count = (int)Math.Min(buffer.Length, Length - position);
            Read(position, buffer.AsSpan(0, count));
            hash.AppendData(buffer, 0, count);
            position += count;
        }
        return Convert.ToHexStringLower(hash.GetHashAndReset());
    }

    public void Dispose()
    {
        _map.Dispose();
        _handle.Dispose();
    }
}
