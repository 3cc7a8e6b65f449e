using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;

namespace Yolact.Edge.Capture.Gpio;

/// <summary>The real thing.</summary>
internal sealed unsafe partial class LinuxGpioKernel : IGpioKernel
{
    private const int ReadWriteCloseOnExec = 0x2 | 0x80000;
    private const int EventCloseOnExec = 0x80000;
    private const int Interrupted = 4;
    private const short PollIn = 1;

    public IReadOnlyList<string> Chips() =>
        Directory.Exists("/dev") ? [.. Directory.EnumerateFiles("/dev", "gpiochip*").Order(StringComparer.Ordinal)] : [];

    public int Open(string path) => Check(OpenFile(path, ReadWriteCloseOnExec), $"open {path}");

    public void GetChipInfo(int chip, ref GpioUapi.ChipInfo info)
    {
        fixed (void* p = &info)
            Check(Ioctl(chip, GpioUapi.GetChipInfo, p), "ask the GPIO chip for its label");
    }

    public void GetLineInfo(int chip, ref GpioUapi.LineInfo info)
    {
        fixed (void* p = &info)
            Check(Ioctl(chip, GpioUapi.GetLineInfo, p), $"ask for GPIO line {info.Offset} (is the kernel older than 5.10?)");
    }

    public void GetLine(int chip, ref GpioUapi.LineRequest request)
    {
        fixed (void* p = &request)
            Check(Ioctl(chip, GpioUapi.GetLine, p), $"take GPIO line {request.Offsets[0]}");
    }

    public void GetValues(int line, ref GpioUapi.LineValues values)
    {
        fixed (void* p = &values)
            Check(Ioctl(line, GpioUapi.GetValues, p), "read a GPIO line");
    }

    public void SetValues(int line, in GpioUapi.LineValues values)
    {
        GpioUapi.LineValues copy = values;
        Check(Ioctl(line, GpioUapi.SetValues, &copy), "set a GPIO line");
    }

    public int CreateWakeUp() => Check(EventFile(0, EventCloseOnExec), "make an eventfd");

    public void WakeUp(int wakeUp)
    {
        ulong one = 1;
        Check((int)Write(wakeUp, &one, sizeof(ulong)), "wake the GPIO reader");
    }

    public bool WaitForEvents(int line, int wakeUp)
    {
        PollFile* files = stackalloc PollFile[2];
        files[0] = new() { File = wakeUp, Wanted = PollIn };
        files[1] = new() { File = line, Wanted = PollIn };
        int ready;
        do
        {
            ready = Poll(files, 2, -1);
        }
        while (ready < 0 && Marshal.GetLastPInvokeError() == Interrupted);
        Check(ready, "wait for GPIO events");
        if (files[0].Got != 0)
            return false;
        // Neither: an error condition of the line itself, such as a chip that was unplugged.
        return (files[1].Got & PollIn) != 0 ? true : throw new IOException("The GPIO chip is gone.");
    }

    public int ReadEvents(int line, Span<GpioUapi.LineEventRecord> events)
    {
        nint bytes;
        fixed (void* p = events)
        {
            do
            {
                bytes = Read(line, p, (nuint)(events.Length * Unsafe.SizeOf<GpioUapi.LineEventRecord>()));
            }
            while (bytes < 0 && Marshal.GetLastPInvokeError() == Interrupted);
        }
        return Check((int)bytes, "read GPIO events") / Unsafe.SizeOf<GpioUapi.LineEventRecord>();
    }

    public void Close(int file) => _ = CloseFile(file);

    private static int Check(int result, string what)
    {
        if (result >= 0)
            return result;
        int error = Marshal.GetLastPInvokeError();
        string advice = error switch
        {
            1 or 13 => " Is the service's user in the group gpio?",
            16 => " Another program (or a kernel driver) holds it; gpioinfo names it.",
            _ => "",
        };
        throw new IOException($"Cannot {what}: {Marshal.GetPInvokeErrorMessage(error)}.{advice}", error);
    }

    [StructLayout(LayoutKind.Sequential)]
    private struct PollFile
    {
        public int File;
        public short Wanted;
        public short Got;
    }

    [LibraryImport("libc", EntryPoint = "open", SetLastError = true, StringMarshalling = StringMarshalling.Utf8)]
    private static partial int OpenFile(string path, int flags);

    [LibraryImport("libc", EntryPoint = "ioctl", SetLastError = true)]
    private static partial int Ioctl(int file, nuint request, void* argument);

    [LibraryImport("libc", EntryPoint = "poll", SetLastError = true)]
    private static partial int Poll(PollFile* files, nuint count, int timeoutMilliseconds);

    [LibraryImport("libc", EntryPoint = "read", SetLastError = true)]
    private static partial nint Read(int file, void* buffer, nuint count);

    [LibraryImport("libc", EntryPoint = "write", SetLastError = true)]
    private static partial nint Write(int file, void* buffer, nuint count);

    [LibraryImport("libc", EntryPoint = "close", SetLastError = true)]
    private static partial int CloseFile(int file);

    [LibraryImport("libc", EntryPoint = "eventfd", SetLastError = true)]
    private static partial int EventFile(uint initial, int flags);
}
