using System.Runtime.InteropServices;

namespace Yolact.Edge.Vision.Engines.Memory;

/// <summary>
/// The memory of a discrete GPU by NVIDIA's management library. A Jetson's library lacks it, since its GPU has no memory of its own; there
/// <c>NvMapMemUsed</c> tells.
/// </summary>
internal static unsafe class Nvml
{
    private const string Library = "libnvidia-ml.so.1";
    private const double BytesPerMib = 1 << 20;

    private static readonly delegate* unmanaged[Cdecl]<nint, MemoryInfo*, int> MemoryOf;
    private static readonly nint Device;

    /// <summary>Why there is no figure; null where there is one.</summary>
    public static string? Absence { get; }

    static Nvml()
    {
        if (!NativeLibrary.TryLoad(Library, out nint library))
        {
            Absence = $"{Library} is not here";
            return;
        }
        if (!NativeLibrary.TryGetExport(library, "nvmlInit_v2", out nint init)
            || !NativeLibrary.TryGetExport(library, "nvmlDeviceGetHandleByIndex_v2", out nint byIndex)
            || !NativeLibrary.TryGetExport(library, "nvmlDeviceGetMemoryInfo", out nint memory))
        {
            Absence = $"{Library} lacks nvmlInit_v2, nvmlDeviceGetHandleByIndex_v2 or nvmlDeviceGetMemoryInfo";
            return;
        }
        nint device = 0;
        int code = ((delegate* unmanaged[Cdecl]<int>)init)();
        if (code == 0)
            code = ((delegate* unmanaged[Cdecl]<uint, nint*, int>)byIndex)(0, &device);
        if (code != 0)
        {
            Absence = $"{Library} answers with error {code}";
            return;
        }
        Device = device;
        MemoryOf = (delegate* unmanaged[Cdecl]<nint, MemoryInfo*, int>)memory;
    }

    /// <summary>Memory of the first GPU that is used, in MiB, by every process; null without one.</summary>
    public static double? UsedMib()
    {
        if (MemoryOf is null)
            return null;
        MemoryInfo info;
        return MemoryOf(Device, &info) == 0 ? info.Used / BytesPerMib : null;
    }

    // nvml.h: nvmlMemory_t, in bytes.
    [StructLayout(LayoutKind.Sequential)]
    private struct MemoryInfo
    {
        public ulong Total, Free, Used;
    }
}
