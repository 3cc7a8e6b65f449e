using System.Net.Http.Headers;

namespace Yolact.Edge.Models;

/// <summary>
/// What has arrived of a file. The published hash is part of the name, so that bytes of one version are never joined to another's.
/// </summary>
internal sealed class PartialFile
{
    private const int HashCharacters = 16;
    private const string Extension = ".part";

    public string Path { get; }

    private PartialFile(string path) => Path = path;

    /// <summary>The file beside the finished one; remains of other versions are deleted.</summary>
    public static PartialFile Beside(string target, PublishedFile published)
    {
        string folder = System.IO.Path.GetDirectoryName(System.IO.Path.GetFullPath(target))!;
        string name = System.IO.Path.GetFileName(target);
        var part = new PartialFile(System.IO.Path.Combine(folder, $"{name}.{published.Sha256[..HashCharacters]}{Extension}"));
        return Guard(part.Path, () =>
        {
            Directory.CreateDirectory(folder);
            foreach (string other in Directory.EnumerateFiles(folder, $"{name}.*{Extension}"))
            {
                if (other != part.Path)
                    File.Delete(other);
            }
            return part;
        });
    }

    /// <summary>Tag of the response that its bytes came with, where one came in this run.</summary>
    public EntityTagHeaderValue? ETag { get; set; }

    public long Length => File.Exists(Path) ? new FileInfo(Path).Length : 0;

    /// <summary>Opens it to write on from a position, and checks that the disk has room for the rest.</summary>
    public FileStream Open(long start, long size) => Guard(Path, () =>
    {
        long free = new DriveInfo(System.IO.Path.GetDirectoryName(Path)!).AvailableFreeSpace + Length;
        if (free < size)
            throw new DownloadException($"{Path}: the disk has room for {free >> 20} MiB, the file needs {size >> 20} MiB. Make room or name another folder.");
        var file = new FileStream(Path, FileMode.OpenOrCreate, FileAccess.Write, FileShare.None, bufferSize: 0);
        if (file.Length > start)
            file.SetLength(start);
        file.Position = start;
        return file;
    });

    public void Write(FileStream file, ReadOnlySpan<byte> bytes)
    {
        try
        {
            file.Write(bytes);
        }
        catch (IOException error)
        {
            throw Unwritable(Path, error);
        }
    }

    public void Flush(FileStream file) => Guard(Path, () =>
    {
        file.Flush(flushToDisk: true);
        return file;
    });

    public void MoveTo(string target) => Guard(target, () =>
    {
        File.Move(Path, target, overwrite: true);
        return target;
    });

    /// <summary>Deletes it, for the reason that the error gives.</summary>
    public DownloadException Discard(string reason)
    {
        File.Delete(Path);
        return new DownloadException(reason);
    }

    private static T Guard<T>(string path, Func<T> work)
    {
        try
        {
            return work();
        }
        catch (Exception error) when (error is UnauthorizedAccessException or (IOException and not DownloadException))
        {
            throw Unwritable(path, error);
        }
    }

    private static DownloadException Unwritable(string path, Exception error) =>
        new($"{path} cannot be written: {error.Message.TrimEnd('.')}. What has arrived is kept; make room or name another folder, and run the command again.", error);
}
