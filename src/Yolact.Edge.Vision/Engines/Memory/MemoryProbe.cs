using System.Globalization;

namespace Yolact.Edge.Vision.Engines.Memory;

/// <summary>
/// Measures what an engine takes: the difference between two readings, one before its session is made and one after it has been warmed up.
/// </summary>
/// <param name="root">The folder that stands for <c>/</c>.</param>
/// <param name="gpuUsedMib">Memory of a discrete GPU that is used; null for NVIDIA's management library.</param>
public sealed class MemoryProbe(string root = "/", Func<double?>? gpuUsedMib = null)
{
    private const double KibPerMib = 1024;

    /// <summary>Reads now.</summary>
    public MemoryReading Read()
    {
        GC.Collect(); // what this program merely has not given back yet is not the engine's
        return new MemoryReading(
            Field("proc/self/status", "VmRSS") ?? (Environment.WorkingSet / KibPerMib / KibPerMib),
            Field("proc/meminfo", "NvMapMemUsed"),
            gpuUsedMib is null ? Nvml.UsedMib() : gpuUsedMib());
    }

    private double? Field(string path, string name)
    {
        try
        {
            foreach (string line in File.ReadLines(Path.Combine(root, path)))
            {
                string[] words = line.Split((char[])[' ', '\t', ':'], StringSplitOptions.RemoveEmptyEntries);
                if (words.Length >= 2 && words[0] == name && double.TryParse(words[1], NumberStyles.None, CultureInfo.InvariantCulture, out double kib))
                    return kib / KibPerMib;
            }
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            // A machine without it.
        }
        return null;
    }
}

/// <summary>Memory at one time, in MiB.</summary>
/// <param name="ResidentMib">Of this process.</param>
/// <param name="NvMapMib">Taken by a Jetson's GPU, by every process; null elsewhere.</param>
/// <param name="GpuMib">Of a discrete GPU, by every process; null without one.</param>
public readonly record struct MemoryReading(double ResidentMib, double? NvMapMib, double? GpuMib)
{
    /// <summary>What was taken since an earlier reading.</summary>
    /// <param name="before">The earlier one.</param>
    public MemoryUse Since(MemoryReading before)
    {
        double resident = ResidentMib - before.ResidentMib;
        (double more, string source) = (NvMapMib - before.NvMapMib, GpuMib - before.GpuMib) switch
        {
            ({ } shared, _) => (shared, "rss+nvmap"),
            (null, { } gpu) => (gpu, "rss+nvml"),
            _ => (0, "rss"),
        };
        return new MemoryUse(Math.Round(Math.Max(resident + more, 0), 1), source);
    }
}

/// <summary>What an engine takes.</summary>
/// <param name="Mib">In MiB.</param>
/// <param name="Source">What was measured: <c>rss</c>, <c>rss+nvmap</c> (a Jetson) or <c>rss+nvml</c> (a discrete GPU).</param>
public readonly record struct MemoryUse(double Mib, string Source);
