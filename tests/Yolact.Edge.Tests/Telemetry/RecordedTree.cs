namespace Yolact.Edge.Tests.Telemetry;

/// <summary>A tree of tests/data/sysfs in a temporary folder.</summary>
internal sealed class RecordedTree : IDisposable
{
    public RecordedTree(string name)
    {
        foreach (string line in File.ReadLines(Path.Combine(AppContext.BaseDirectory, "sysfs", name)))
        {
            string[] parts = line.Split(" = ", 2);
            string path = Path.Combine(Root, parts[0]);
            Directory.CreateDirectory(Path.GetDirectoryName(path)!);
            File.WriteAllText(path, parts[1].Replace('|', '\n') + "\n");
        }
    }

    public string Root { get; } = Directory.CreateTempSubdirectory("sysfs-").FullName;

    public void Dispose() => Directory.Delete(Root, recursive: true);
}
