using System.Runtime.InteropServices;

namespace Yolact.Edge.Configuration;

/// <summary>
/// A file that is replaced as a whole: after a crash or a power cut at any moment it holds what it held before or what was written,
/// never a part of it. Written beside itself, synchronised, renamed, and the folder synchronised (POSIX <c>rename</c>, <c>fsync</c>).
/// </summary>
/// <param name="path">The file; its folder is made when it is first written.</param>
public sealed partial class DurableFile(string path)
{
    private const int ReadOnly = 0; // O_RDONLY

    /// <summary>The file.</summary>
    public string Path => path;

    /// <summary>Called before each step with its name, so that tests can let the process die there.</summary>
    internal Action<string>? Step { get; init; }

    private string Temporary => path + ".new";

    /// <summary>What the file holds; null where there is none.</summary>
    /// <param name="maxBytes">A longer file is not read.</param>
    /// <exception cref="InvalidDataException">It is longer.</exception>
    /// <exception cref="IOException">It cannot be read.</exception>
    /// <exception cref="UnauthorizedAccessException">It may not be read.</exception>
    public byte[]? Read(long maxBytes)
    {
        if (!File.Exists(path))
            return null;
        long length = new FileInfo(path).Length;
        return length <= maxBytes ? File.ReadAllBytes(path) : throw new InvalidDataException($"{path} has {length} bytes, more than {maxBytes}.");
    }

    /// <summary>Replaces the file; what was written has reached the disk when this returns.</summary>
    /// <param name="content">All of it.</param>
    /// <exception cref="IOException">It cannot be written; the file is as it was.</exception>
    /// <exception cref="UnauthorizedAccessException">It may not be written; the file is as it was.</exception>
    public void Write(ReadOnlySpan<byte> content)
    {
        string folder = System.IO.Path.GetDirectoryName(System.IO.Path.GetFullPath(path))!;
        Step?.Invoke("create");
        Directory.CreateDirectory(folder);
        using (var file = new FileStream(Temporary, FileMode.Create, FileAccess.Write, FileShare.None, bufferSize: 0))
        {
            Step?.Invoke("write");
            // In two parts, so that a death in between is one of the cases that tests can make.
            file.Write(content[..(content.Length / 2)]);
            Step?.Invoke("write the rest");
            file.Write(content[(content.Length / 2)..]);
            Step?.Invoke("synchronise");
            file.Flush(flushToDisk: true);
        }
        Step?.Invoke("rename");
        File.Move(Temporary, path, overwrite: true);
        Step?.Invoke("synchronise the folder");
        SynchroniseFolder(folder);
        Step?.Invoke("written");
    }

    /// <summary>Puts a damaged file out of the way, as NAME.damaged, for a person to look at.</summary>
    public void SetAside() => File.Move(path, path + ".damaged", overwrite: true);

    // A file system that cannot do it (some network ones) has no better promise to give.
    private static void SynchroniseFolder(string folder)
    {
        int descriptor = OpenFolder(folder, ReadOnly);
        if (descriptor < 0)
            return;
        _ = Synchronise(descriptor);
        _ = Close(descriptor);
    }

    [LibraryImport("libc", EntryPoint = "open", StringMarshalling = StringMarshalling.Utf8)]
    private static partial int OpenFolder(string path, int flags);

    [LibraryImport("libc", EntryPoint = "fsync")]
    private static partial int Synchronise(int descriptor);

    [LibraryImport("libc", EntryPoint = "close")]
    private static partial int Close(int descriptor);
}
