namespace Yolact.Edge.Messaging.Outbox.Disk;

/// <summary>What the outbox asks of a file system. Every failure is an <see cref="IOException"/> or <see cref="UnauthorizedAccessException"/>.</summary>
internal interface IOutboxDisk
{
    /// <summary>Makes the folder, and holds it against other processes until disposed.</summary>
    /// <exception cref="OutboxInUseException">Another process holds it.</exception>
    IDisposable Claim(string folder);

    /// <summary>Names of the files in a folder, without it.</summary>
    IReadOnlyList<string> List(string folder);

    /// <summary>Opens a file to read and write; makes an empty one where there is none.</summary>
    IOutboxFile Open(string path);

    /// <summary>Renames within a folder.</summary>
    void Rename(string from, string to);

    /// <summary>Deletes a file.</summary>
    void Delete(string path);

    /// <summary>Returns when names that were made, changed or deleted in a folder are on the disk.</summary>
    void SyncFolder(string folder);
}

/// <summary>An open file.</summary>
internal interface IOutboxFile : IDisposable
{
    /// <summary>Bytes in it.</summary>
    long Length { get; }

    /// <summary>Reads.</summary>
    /// <returns>Bytes read; fewer than asked for only at the end.</returns>
    int Read(Span<byte> bytes, long offset);

    /// <summary>Writes all bytes.</summary>
    void Write(ReadOnlySpan<byte> bytes, long offset);

    /// <summary>Returns when what was written is on the disk.</summary>
    void Sync();
}

/// <summary>Another process uses the folder.</summary>
/// <param name="folder">The folder.</param>
internal sealed class OutboxInUseException(string folder) : IOException($"another process uses the outbox in '{folder}'");
