using System.Runtime.InteropServices;
using Microsoft.Win32.SafeHandles;

namespace Yolact.Edge.Messaging.Outbox.Disk;

/// <summary>The machine's file system.</summary>
internal sealed class LocalDisk : IOutboxDisk
{
    private const string LockName = "lock";

    // EWOULDBLOCK of flock(2) on Linux; ERROR_SHARING_VIOLATION.
    private const int WouldBlock = 11, SharingViolation = unchecked((int)0x80070020);

    /// <inheritdoc/>
    public IDisposable Claim(string folder)
    {
        CreateFolder(folder);
        try
        {
            // Without sharing, the runtime takes flock(2) on the file, which ends with the process, however that ends.
            return File.OpenHandle(Path.Combine(folder, LockName), FileMode.OpenOrCreate, FileAccess.ReadWrite, FileShare.None);
        }
        catch (IOException e) when (e.HResult is WouldBlock or SharingViolation)
        {
            throw new OutboxInUseException(folder);
        }
    }

    /// <inheritdoc/>
    public IReadOnlyList<string> List(string folder) => [.. Directory.EnumerateFiles(folder).Select(path => Path.GetFileName(path))];

    /// <inheritdoc/>
    public IOutboxFile Open(string path) =>
        new LocalFile(File.OpenHandle(path, FileMode.OpenOrCreate, FileAccess.ReadWrite, FileShare.ReadWrite | FileShare.Delete));

    /// <inheritdoc/>
    public void Rename(string from, string to) => File.Move(from, to, overwrite: true);

    /// <inheritdoc/>
    public void Delete(string path) => File.Delete(path);

    /// <inheritdoc/>
    public void SyncFolder(string folder)
    {
        if (OperatingSystem.IsLinux())
            Posix.SyncFolder(folder);
    }

    private static void CreateFolder(string folder)
    {
        if (OperatingSystem.IsWindows())
            Directory.CreateDirectory(folder);
        else
            // What a camera saw is nobody else's business.
            Directory.CreateDirectory(folder, UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute);
    }

    private sealed class LocalFile(SafeFileHandle handle) : IOutboxFile
    {
        public long Length => RandomAccess.GetLength(handle);

        public int Read(Span<byte> bytes, long offset)
        {
            int done = 0;
            while (done < bytes.Length && RandomAccess.Read(handle, bytes[done..], offset + done) is > 0 and int read)
                done += read;
            return done;
        }

        public void Write(ReadOnlySpan<byte> bytes, long offset) => RandomAccess.Write(handle, bytes, offset);

        public void Sync()
        {
            // A segment is written over in place: its length and blocks stay, so that data alone has to reach the disk.
            if (OperatingSystem.IsLinux())
                Posix.SyncData(handle);
            else
                RandomAccess.FlushToDisk(handle);
        }

        public void Dispose() => handle.Dispose();
    }
}

/// <summary>Calls that .NET does not offer.</summary>
internal static partial class Posix
{
    // <fcntl.h> on Linux: O_RDONLY | O_CLOEXEC; O_DIRECTORY differs between architectures, and a folder opens without it.
    private const int ReadOnlyCloseOnExec = 0x80000;

    public static void SyncData(SafeFileHandle file)
    {
        if (DataSync(file) != 0)
            throw Failure("fdatasync");
    }

    public static void SyncFolder(string folder)
    {
        using SafeFileHandle handle = Open(folder, ReadOnlyCloseOnExec);
        if (handle.IsInvalid || Sync(handle) != 0)
            throw Failure(folder);
    }

    private static IOException Failure(string what) => new($"{what}: {Marshal.GetLastPInvokeErrorMessage()}", Marshal.GetLastPInvokeError());

    [LibraryImport("libc", EntryPoint = "fdatasync", SetLastError = true)]
    private static partial int DataSync(SafeFileHandle file);

    [LibraryImport("libc", EntryPoint = "fsync", SetLastError = true)]
    private static partial int Sync(SafeFileHandle file);

    [LibraryImport("libc", EntryPoint = "open", SetLastError = true, StringMarshalling = StringMarshalling.Utf8)]
    private static partial SafeFileHandle Open(string path, int flags);
}
