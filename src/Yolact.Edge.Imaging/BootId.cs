namespace Yolact.Edge.Imaging;

/// <summary>
/// The kernel's random name for this boot (/proc/sys/kernel/random/boot_id). Two <see cref="MonotonicTime"/>s can be compared only where
/// their boot ids are equal.
/// </summary>
public static class BootId
{
    /// <summary>Reads the boot id.</summary>
    /// <param name="root">The folder that stands for /: a recorded device in tests.</param>
    /// <exception cref="IOException">The file is missing or cannot be read.</exception>
    /// <exception cref="InvalidDataException">The file holds no UUID.</exception>
    public static Guid Read(string root = "/")
    {
        string path = Path.Combine(root, "proc/sys/kernel/random/boot_id");
        string text = File.ReadAllText(path);
        return Guid.TryParse(text, out Guid id)
            ? id
            : throw new InvalidDataException($"{path} should hold a UUID, not '{text.AsSpan(0, Math.Min(text.Length, 40)).Trim()}'.");
    }
}
