using System.Runtime.InteropServices;

namespace Yolact.Edge.Messaging.Payloads;

/// <summary>Whether the kernel believes that the wall clock is right.</summary>
public static partial class WallClock
{
    // adjtimex(2): TIME_ERROR, the clock is not synchronised (also returned for STA_UNSYNC).
    private const int TimeError = 5;

    // struct timex takes 208 bytes on 64-bit Linux.
    private const int TimexBytes = 256;

    /// <summary>True when a time service keeps the clock; false where the kernel cannot be asked.</summary>
    public static bool IsSynchronized
    {
        get
        {
            if (!OperatingSystem.IsLinux())
                return false;
            Span<byte> timex = stackalloc byte[TimexBytes];
            timex.Clear();
            return AdjTimeX(ref MemoryMarshal.GetReference(timex)) is >= 0 and not TimeError;
        }
    }

    [LibraryImport("libc", EntryPoint = "adjtimex")]
    private static partial int AdjTimeX(ref byte timex);
}
