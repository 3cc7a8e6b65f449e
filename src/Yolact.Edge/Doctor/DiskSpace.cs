namespace Yolact.Edge.Doctor;

/// <summary>How full the disk is on which a folder lies.</summary>
internal static class DiskSpace
{
    /// <summary>Bytes free and in all; null where that is not known.</summary>
    /// <param name="path">A folder; where it is not there yet, the nearest one above it counts.</param>
    public static (long Free, long Total)? Of(string path)
    {
        try
        {
            string? folder = path;
            while (folder is not null && !Directory.Exists(folder))
                folder = Path.GetDirectoryName(folder);
            if (folder is null)
                return null;
            var drive = new DriveInfo(folder);
            return (drive.AvailableFreeSpace, drive.TotalSize);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException or ArgumentException)
        {
            return null;
        }
    }
}
