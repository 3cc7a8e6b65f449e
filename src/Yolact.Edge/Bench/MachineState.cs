using System.Globalization;
using Yolact.Edge.Telemetry;

namespace Yolact.Edge.Bench;

/// <summary>The machine that figures were measured on, and how it fared. What it does not say is null or empty.</summary>
/// <param name="Name">Processor or board, cores, system and runtime.</param>
/// <param name="PowerMode">A Jetson's power mode, such as <c>MAXN</c>.</param>
/// <param name="CpuMhz">Clock of the fastest core.</param>
/// <param name="GpuMhz">Clock of a Jetson's GPU.</param>
/// <param name="TemperaturesC">Of each thermal zone, in degrees Celsius.</param>
/// <param name="PowerW">Of each rail, in watts.</param>
/// <param name="GpuMemoryMiB">Memory that a Jetson's GPU takes.</param>
/// <param name="Load">Processes that wanted a core in the last minute: above the number of cores, others took part of the machine.</param>
public sealed record MachineState(
    string Name, string? PowerMode, double? CpuMhz, double? GpuMhz, IReadOnlyDictionary<string, double> TemperaturesC,
    IReadOnlyDictionary<string, double> PowerW, double? GpuMemoryMiB, double? Load)
{
    /// <summary>Reads it.</summary>
    /// <param name="root">The folder that stands for <c>/</c>.</param>
    public static MachineState Read(string root = "/")
    {
        MachineFigures figures = new MachineReader(root).Read();
        return new(Machine.Describe(root), ReadPowerMode(root), ReadCpuClock(root), ReadGpuClock(root), figures.TemperaturesC, figures.PowerW,
            figures.GpuMemoryMiB, Number(Text(root, "proc/loadavg")?.Split(' ')[0]));
    }

    // nvpmodel keeps the mode in force as "pmode:0002" and names it in its configuration: "< POWER_MODEL ID=2 NAME=30W >".
    private static string? ReadPowerMode(string root)
    {
        if (Text(root, "var/lib/nvpmodel/status") is not { } status || !int.TryParse(status.Split(':')[^1].Trim(), CultureInfo.InvariantCulture, out int id))
            return null;
        string mark = string.Create(CultureInfo.InvariantCulture, $" ID={id} NAME=");
        string? line = Text(root, "etc/nvpmodel.conf")?.Split('\n').FirstOrDefault(line => line.Contains("POWER_MODEL", StringComparison.Ordinal) && line.Contains(mark, StringComparison.Ordinal));
        return line?[(line.IndexOf(mark, StringComparison.Ordinal) + mark.Length)..].Trim(' ', '>', '\r') ?? string.Create(CultureInfo.InvariantCulture, $"mode {id}");
    }

    private static double? ReadCpuClock(string root)
    {
        string policies = Path.Combine(root, "sys/devices/system/cpu/cpufreq");
        double?[] kilohertz = Directory.Exists(policies)
            ? [.. Directory.EnumerateDirectories(policies, "policy*").Select(policy => Number(Text(policy, "scaling_cur_freq")))]
            : [];
        return kilohertz.Max() / 1000 ?? CpuInfo(root, "cpu MHz").Select(Number).Max();
    }

    private static double? ReadGpuClock(string root)
    {
        string nodes = Path.Combine(root, "sys/class/devfreq");
        if (!Directory.Exists(nodes))
            return null;
        string? gpu = Directory.EnumerateDirectories(nodes).FirstOrDefault(node =>
            node.EndsWith(".gpu", StringComparison.Ordinal) || node.EndsWith("/gpu", StringComparison.Ordinal) || node.EndsWith("ga10b", StringComparison.Ordinal)
            || node.EndsWith("gv11b", StringComparison.Ordinal));
        return gpu is null ? null : Number(Text(gpu, "cur_freq")) / 1e6;
    }

    private static IEnumerable<string> CpuInfo(string root, string key) => (Text(root, "proc/cpuinfo") ?? "").Split('\n')
        .Where(line => line.StartsWith(key, StringComparison.Ordinal)).Select(line => line.Split(':', 2)[^1].Trim());

    private static double? Number(string? text) =>
        double.TryParse(text, NumberStyles.Float, CultureInfo.InvariantCulture, out double value) && double.IsFinite(value) ? value : null;

    private static string? Text(string folder, string path)
    {
        try
        {
            return File.ReadAllText(Path.Combine(folder, path));
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            return null;
        }
    }
}
