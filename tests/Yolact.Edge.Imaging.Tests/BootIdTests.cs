namespace Yolact.Edge.Imaging.Tests;

public sealed class BootIdTests : IDisposable
{
    private readonly string _root = Directory.CreateTempSubdirectory("boot-id").FullName;

    [Fact]
    public void The_kernels_boot_id_is_the_same_each_time()
    {
        Assert.SkipUnless(File.Exists("/proc/sys/kernel/random/boot_id"), "Needs Linux' /proc.");
        Assert.NotEqual(Guid.Empty, BootId.Read());
        Assert.Equal(BootId.Read(), BootId.Read());
    }

    [Fact]
    public void A_recorded_device_stands_in()
    {
        Record("1b4e28ba-2fa1-11d2-883f-b9a761bde3fb\n");
        Assert.Equal(Guid.Parse("1b4e28ba-2fa1-11d2-883f-b9a761bde3fb"), BootId.Read(_root));
    }

    [Fact]
    public void Anything_else_is_refused_by_path()
    {
        Record("no id");
        Assert.Contains("boot_id", Assert.Throws<InvalidDataException>(() => BootId.Read(_root)).Message, StringComparison.Ordinal);
        Assert.ThrowsAny<IOException>(() => BootId.Read(Path.Combine(_root, "missing")));
    }

    public void Dispose() => Directory.Delete(_root, recursive: true);

    private void Record(string text)
    {
        string folder = Path.Combine(_root, "proc/sys/kernel/random");
        Directory.CreateDirectory(folder);
        File.WriteAllText(Path.Combine(folder, "boot_id"), text);
    }
}
