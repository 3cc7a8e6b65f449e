using System.Globalization;

namespace Yolact.Edge.Telemetry;

/// <summary>
/// Reads how the machine fares from sysfs and procfs, without NVIDIA's libraries. What a machine does not have is left out: the same reader
/// serves a Jetson, a PC, and a recorded tree.
/// </summary>
/// <param name="root">The folder that stands for <c>/</c>.</param>
public sealed class MachineReader(string root = "/")
{
    private const double MilliDegrees = 1000, KiBPerMiB = 1024, PerMille = 1000;

    // A Jetson's GPU: its node is called differently from release to release, and may appear late.
    private static readonly string[] GpuNodes = ["ga10b", "gv11b", "gpu"];

    /// <summary>Everything that can be read now.</summary>
    public MachineFigures Read()
    {
        Dictionary<string, double> memory = Memory();
        (Dictionary<string, double> temperatures, List<string> hot) = Thermal();
        return new(GpuLoad(), temperatures, hot, Power(), OverCurrentEvents(), CpuCappedShare(),
            Part(memory, "MemTotal"), Part(memory, "MemAvailable"), Part(memory, "NvMapMemUsed"));
    }

    /// <summary>GPU load, 0..1: devfreq's load of the GPU's node, per mille.</summary>
    private double? GpuLoad()
    {
        foreach (string node in Folders("sys/class/devfreq"))
        {
            if (GpuNodes.Any(name => Path.GetFileName(node).EndsWith(name, StringComparison.Ordinal)) && Number(Path.Combine(node, "device/load")) is { } load)
                return Math.Clamp(load / PerMille, 0, 1);
        }
        return null;
    }

    private (Dictionary<string, double> Temperatures, List<string> Hot) Thermal()
    {
        var temperatures = new Dictionary<string, double>();
        List<string> hot = [];
        foreach (string zone in Folders("sys/class/thermal", "thermal_zone*"))
        {
            // A zone whose part is switched off answers with an error.
            if (Text(Path.Combine(zone, "type")) is not { Length: > 0 } type || Number(Path.Combine(zone, "temp")) is not { } temperature)
                continue;
            temperatures[temperatures.ContainsKey(type) ? Path.GetFileName(zone) : type] = temperature / MilliDegrees;
            if (PassiveTrip(zone) is { } trip && temperature >= trip)
                hot.Add(type);
        }
        return (temperatures, hot);
    }

    private static double? PassiveTrip(string zone)
    {
        double? lowest = null;
        for (int i = 0; Text(Path.Combine(zone, Name($"trip_point_{i}_type"))) is { } type; i++)
        {
            // Zero means that the trip point is not used.
            if (type == "passive" && Number(Path.Combine(zone, Name($"trip_point_{i}_temp"))) is { } trip && trip > 0)
                lowest = Math.Min(lowest ?? trip, trip);
        }
        return lowest;
    }

    /// <summary>Watts of each rail that an INA3221 measures: mV times mA.</summary>
    private Dictionary<string, double> Power()
    {
        var power = new Dictionary<string, double>();
        foreach (string monitor in Monitors("ina3221"))
        {
            for (int channel = 1; channel <= 3; channel++)
            {
                if (Number(Path.Combine(monitor, Name($"in{channel}_input"))) is { } millivolts
                    && Number(Path.Combine(monitor, Name($"curr{channel}_input"))) is { } milliamperes)
                    power[Text(Path.Combine(monitor, Name($"in{channel}_label"))) ?? Name($"rail{channel}")] = Math.Round(millivolts * milliamperes / 1e6, 3);
            }
        }
        return power;
    }

    /// <summary>Throttling by over-current since boot, all sources together.</summary>
    private long? OverCurrentEvents()
    {
        long? events = null;
        foreach (string monitor in Monitors("soctherm_oc"))
        {
            for (int source = 1; source <= 8; source++)
            {
                if (Number(Path.Combine(monitor, Name($"oc{source}_event_cnt"))) is { } count)
                    events = (events ?? 0) + (long)count;
            }
        }
        return events;
    }

    private double? CpuCappedShare()
    {
        double? share = null;
        foreach (string policy in Folders("sys/devices/system/cpu/cpufreq", "policy*"))
        {
            if (Number(Path.Combine(policy, "scaling_max_freq")) is { } allowed && Number(Path.Combine(policy, "cpuinfo_max_freq")) is { } most and > 0)
                share = Math.Max(share ?? 0, Math.Clamp(1 - (allowed / most), 0, 1));
        }
        return share is { } capped ? Math.Round(capped, 3) : null;
    }

    private Dictionary<string, double> Memory()
    {
        var memory = new Dictionary<string, double>();
        foreach (string line in (Text(Path.Combine(root, "proc/meminfo")) ?? "").Split('\n'))
        {
            string[] words = line.Split((char[])[' ', '\t', ':'], StringSplitOptions.RemoveEmptyEntries);
            if (words.Length >= 2 && double.TryParse(words[1], NumberStyles.None, CultureInfo.InvariantCulture, out double kibibytes))
                memory[words[0]] = kibibytes;
        }
        return memory;
    }

    private static double? Part(Dictionary<string, double> memory, string name) =>
        memory.TryGetValue(name, out double kibibytes) ? Math.Round(kibibytes / KiBPerMiB, 1) : null;

    private IEnumerable<string> Monitors(string name) => Folders("sys/class/hwmon").Where(monitor => Text(Path.Combine(monitor, "name")) == name);

    private string[] Folders(string path, string pattern = "*")
    {
        try
        {
            return [.. Directory.EnumerateDirectories(Path.Combine(root, path), pattern).Order(StringComparer.Ordinal)];
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            return [];
        }
    }

    private static double? Number(string path) =>
        double.TryParse(Text(path), NumberStyles.Float, CultureInfo.InvariantCulture, out double value) && double.IsFinite(value) ? value : null;

    private static string? Text(string path)
    {
        try
        {
            return File.ReadAllText(path).Trim('\n', ' ', '\0');
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            return null;
        }
    }

    private static string Name(FormattableString name) => FormattableString.Invariant(name);
}

/// <summary>How a machine fares; null and empty for what it does not have.</summary>
/// <param name="GpuLoad">0..1.</param>
/// <param name="TemperaturesC">Of each thermal zone, in degrees Celsius.</param>
/// <param name="HotZones">Zones at or above their first passive trip point.</param>
/// <param name="PowerW">Of each rail, in watts.</param>
/// <param name="OverCurrentEvents">Since boot.</param>
/// <param name="CpuCappedShare">Greatest share by which a CPU's highest allowed frequency lies below its maximum, 0..1.</param>
/// <param name="MemoryTotalMiB">Of the machine.</param>
/// <param name="MemoryAvailableMiB">Free for programs.</param>
/// <param name="GpuMemoryMiB">Taken by the GPU out of the machine's memory.</param>
public sealed record MachineFigures(
    double? GpuLoad,
    IReadOnlyDictionary<string, double> TemperaturesC,
    IReadOnlyList<string> HotZones,
    IReadOnlyDictionary<string, double> PowerW,
    long? OverCurrentEvents,
    double? CpuCappedShare,
    double? MemoryTotalMiB,
    double? MemoryAvailableMiB,
    double? GpuMemoryMiB);
