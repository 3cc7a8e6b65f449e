using System.Runtime.InteropServices;
using Yolact.Edge.Vision.Engines;

namespace Yolact.Edge.Engines;

/// <summary>The folder that engines are kept in: where it is, whether it can be written, and writing that survives a power cut.</summary>
internal static partial class CacheFolder
{
    /// <summary>Environment variable that names it.</summary>
    public const string Variable = "YOLACT_EDGE_ENGINES";

    private const int OpenReadOnly = 0;

    /// <summary>The configured folder, else the variable's, else <c>engines</c> in systemd's cache folder, else in the user's.</summary>
    public static string Of(EngineOptions options)
    {
        if (options.CacheFolder is { } configured)
            return configured;
        if (Environment.GetEnvironmentVariable(Variable) is { Length: > 0 } named)
            return named;
        string cache = Environment.GetEnvironmentVariable("CACHE_DIRECTORY") is { Length: > 0 } systemd ? systemd
            : Environment.GetEnvironmentVariable("XDG_CACHE_HOME") is { Length: > 0 } user ? Path.Combine(user, "yolact-edge")
            : Path.Combine(Environment.GetFolderPath(Environment.SpecialFolder.UserProfile, Environment.SpecialFolderOption.DoNotVerify), ".cache", "yolact-edge");
        return Path.Combine(cache, "engines");
    }

    /// <summary>Why the folder cannot take an engine; null where it can. Makes it where it is missing.</summary>
    /// <param name="folder">The folder.</param>
    /// <param name="bytes">What the engine may take.</param>
    public static string? Problem(string folder, long bytes)
    {
        try
        {
            Directory.CreateDirectory(folder);
            string probe = Path.Combine(folder, $".probe-{Guid.NewGuid():N}");
            using (var file = new FileStream(probe, FileMode.CreateNew, FileAccess.Write, FileShare.None, 1, FileOptions.DeleteOnClose))
            {
                file.WriteByte(1);
                file.Flush(flushToDisk: true);
            }
            long free = new DriveInfo(folder).AvailableFreeSpace;
            return free >= bytes ? null : $"its disk has {free >> 20} MiB left, and a build may need {bytes >> 20} MiB";
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            return error.Message.TrimEnd('.');
        }
    }

    /// <summary>Makes sure that a file's content is on the disk.</summary>
    public static void Flush(string path)
    {
        using var file = new FileStream(path, FileMode.Open, FileAccess.ReadWrite);
        file.Flush(flushToDisk: true);
    }

    /// <summary>Gives a finished folder its name, and makes sure that the name is on the disk.</summary>
    public static void Publish(string from, string to)
    {
        Remove(to);
        FlushNames(from);
        Directory.Move(from, to);
        FlushNames(Path.GetDirectoryName(to)!);
    }

    /// <summary>Removes a folder with all that is in it; one that is not there is fine.</summary>
    public static void Remove(string folder)
    {
        if (Directory.Exists(folder))
            Directory.Delete(folder, recursive: true);
    }

    // .NET opens no folders.
    private static void FlushNames(string folder)
    {
        int descriptor = Open(folder, OpenReadOnly);
        if (descriptor < 0)
            return;
        _ = Sync(descriptor);
        _ = Close(descriptor);
    }

    [LibraryImport("libc", EntryPoint = "open", StringMarshalling = StringMarshalling.Utf8)]
    private static partial int Open(string path, int flags);

    [LibraryImport("libc", EntryPoint = "fsync")]
    private static partial int Sync(int descriptor);

    [LibraryImport("libc", EntryPoint = "close")]
    private static partial int Close(int descriptor);
}
