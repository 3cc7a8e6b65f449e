using System.Runtime.InteropServices;

namespace Yolact.Edge.Bench;

/// <summary>Names the machine that figures were measured on.</summary>
public static class Machine
{
    /// <summary>Board or processor, cores and system in one line.</summary>
    /// <param name="root">The folder that stands for <c>/</c>.</param>
    public static string Describe(string root = "/")
    {
        string? board = Lines(root, "proc/device-tree/model").FirstOrDefault()?.Trim('\0', ' ');
        string? processor = Lines(root, "proc/cpuinfo").FirstOrDefault(line => line.StartsWith("model name", StringComparison.Ordinal))?.Split(':', 2)[^1].Trim();
        string name = board is { Length: > 0 } ? board : processor ?? RuntimeInformation.ProcessArchitecture.ToString();
        return $"{name}, {Environment.ProcessorCount} cores, {RuntimeInformation.OSDescription}, .NET {Environment.Version}";
    }

    private static string[] Lines(string root, string path)
    {
        try
        {
            return File.ReadAllLines(Path.Combine(root, path));
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            return [];
        }
    }
}
