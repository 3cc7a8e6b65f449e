using System.Globalization;
using System.Runtime.InteropServices;

namespace Yolact.Edge.Capture.GStreamer;

/// <summary>
/// Converts Argus' sensor times to CLOCK_MONOTONIC. They count the Tegra's TSC; <c>offset_ns</c> in sysfs is the TSC's lead over
/// CLOCK_MONOTONIC_RAW, and the two kernel clocks are compared at each conversion. Some releases of <c>nvarguscamerasrc</c> convert to
/// CLOCK_MONOTONIC themselves: which one it is shows in the first picture's age, and holds from then on.
/// </summary>
/// <remarks>Written to NVIDIA's published source and tested with recorded values; not yet run on a Jetson.</remarks>
internal sealed partial class ArgusClock(long? tscOffset)
{
    /// <summary>Where L4T publishes the TSC's lead in ns.</summary>
    public const string OffsetPath = "/sys/devices/system/clocksource/clocksource0/offset_ns";

    // A picture is at most this old when it reaches us; Argus keeps far fewer frames.
    private const long OldestNanoseconds = 2_000_000_000;
    private bool? _isTsc;

    /// <summary>The clock of this machine.</summary>
    /// <param name="root">Where the file system begins; another place in tests.</param>
    public static ArgusClock OfMachine(string root = "/")
    {
        string path = Path.Combine(root, OffsetPath[1..]);
        try
        {
            return new(long.TryParse(File.ReadAllText(path).Trim(), NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out long offset)
                ? offset : null);
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            return new(null);
        }
    }

    /// <summary>Converts a sensor time.</summary>
    /// <param name="sensorTime">As Argus gave it, in ns.</param>
    /// <param name="monotonic">CLOCK_MONOTONIC now, in ns.</param>
    /// <param name="monotonicRaw">CLOCK_MONOTONIC_RAW now, in ns.</param>
    /// <returns>Null where neither reading gives a time shortly before now.</returns>
    public MonotonicTime? Convert(long sensorTime, long monotonic, long monotonicRaw)
    {
        long? fromTsc = tscOffset is { } offset ? sensorTime - offset + (monotonic - monotonicRaw) : null;
        if (_isTsc is null)
        {
            if (fromTsc is { } tsc && IsRecent(tsc, monotonic))
                _isTsc = true;
            else if (IsRecent(sensorTime, monotonic))
                _isTsc = false;
        }
        long? time = _isTsc switch
        {
            true => fromTsc,
            false => sensorTime,
            null => null,
        };
        return time is { } t && IsRecent(t, monotonic) ? new MonotonicTime(t) : null;
    }

    /// <summary>CLOCK_MONOTONIC_RAW now, in ns.</summary>
    public static long RawNow()
    {
        const int clockMonotonicRaw = 4;
        Span<long> time = stackalloc long[2];
        return ClockGetTime(clockMonotonicRaw, ref MemoryMarshal.GetReference(time)) == 0 ? (time[0] * 1_000_000_000) + time[1] : 0;
    }

    private static bool IsRecent(long time, long now) => time <= now && now - time <= OldestNanoseconds;

    [LibraryImport("libc", EntryPoint = "clock_gettime")]
    private static partial int ClockGetTime(int clock, ref long time);
}
