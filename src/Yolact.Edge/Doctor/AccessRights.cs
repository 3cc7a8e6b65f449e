using System.Runtime.InteropServices;

namespace Yolact.Edge.Doctor;

/// <summary>What the current user may do with a file, without opening it: opening a device can change it.</summary>
internal static partial class AccessRights
{
    // access(2)
    private const int Write = 2, Read = 4;

    /// <summary>True where the current user may open a file like this.</summary>
    /// <param name="path">A file, folder or device.</param>
    /// <param name="access">For reading, writing or both.</param>
    public static bool May(string path, FileAccess access)
    {
        int mode = (access.HasFlag(FileAccess.Read) ? Read : 0) | (access.HasFlag(FileAccess.Write) ? Write : 0);
        return Access(path, mode) == 0;
    }

    [LibraryImport("libc", EntryPoint = "access", StringMarshalling = StringMarshalling.Utf8)]
    private static partial int Access(string path, int mode);
}
