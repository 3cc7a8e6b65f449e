using System.Runtime.InteropServices;

namespace Yolact.Edge.Bench;

/// <summary>Names the machine that figures were measured on.</summary>
public static class Machine
{
    /// <summary>Processor, cores and system in one line.</summary>
    public static string Describe()
    {
        const string CpuInfo = "/proc/cpuinfo";
        string? processor = File.Exists(CpuInfo)
            ? File.ReadLines(CpuInfo).FirstOrDefault(line => line.StartsWith("model name", StringComparison.Ordinal))?.Split(':', 2)[1].Trim()
            : null;
        return $"{processor ?? RuntimeInformation.ProcessArchitecture.ToString()}, {Environment.ProcessorCount} cores, {RuntimeInformation.OSDescription}, .NET {Environment.Version}";
    }
}
