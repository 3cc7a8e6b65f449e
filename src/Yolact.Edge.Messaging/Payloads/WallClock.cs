using System.Runtime.InteropServices;

namespace Yolact.Edge.Messaging.Payloads;

/// <summary>Whether the wall clock is believed to be right.</summary>
public static partial class WallClock
{
    // adjtimex(2): TIME_ERROR, the clock is not synchronised (also returned for STA_UNSYNC).
    private const int TimeError = 5;

    // struct timex takes 208 bytes on 64-bit Linux.
    private const int TimexBytes = 256;

    private static readonly TimeService Service = new(TimeService.AskTimeDateAsync, TimeProvider.System);

    /// <summary>True when a time service keeps the clock; false where nobody can be asked. The kernel is asked; a hardened service may not do
    /// that (ProtectClock= forbids the question with the command) and asks systemd, from time to time and without waiting.</summary>
    public static bool IsSynchronized
    {
        get
        {
            if (!OperatingSystem.IsLinux())
                return false;
            Span<byte> timex = stackalloc byte[TimexBytes];
            timex.Clear();
            int state = AdjTimeX(ref MemoryMarshal.GetReference(timex));
            return state < 0 ? Service.IsSynchronized : state != TimeError;
        }
    }

    [LibraryImport("libc", EntryPoint = "adjtimex")]
    private static partial int AdjTimeX(ref byte timex);
}
