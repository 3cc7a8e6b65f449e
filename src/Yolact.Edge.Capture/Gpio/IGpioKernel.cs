namespace Yolact.Edge.Capture.Gpio;

/// <summary>The system calls of the GPIO character device. Every one throws <see cref="IOException"/> with the kernel's reason.</summary>
internal interface IGpioKernel
{
    /// <summary>The device nodes of all chips.</summary>
    IReadOnlyList<string> Chips();

    /// <summary>Opens a chip.</summary>
    int Open(string path);

    /// <summary>Name, label and number of lines of an open chip.</summary>
    void GetChipInfo(int chip, ref GpioUapi.ChipInfo info);

    /// <summary>A line of an open chip; <see cref="GpioUapi.LineInfo.Offset"/> says which.</summary>
    void GetLineInfo(int chip, ref GpioUapi.LineInfo info);

    /// <summary>Takes lines; their file lands in <see cref="GpioUapi.LineRequest.File"/>.</summary>
    void GetLine(int chip, ref GpioUapi.LineRequest request);

    /// <summary>Reads levels of taken lines.</summary>
    void GetValues(int line, ref GpioUapi.LineValues values);

    /// <summary>Sets levels of taken lines.</summary>
    void SetValues(int line, in GpioUapi.LineValues values);

    /// <summary>Something that wakes <see cref="WaitForEvents"/>.</summary>
    int CreateWakeUp();

    /// <summary>Wakes whoever waits with this wake-up, now and from now on.</summary>
    void WakeUp(int wakeUp);

    /// <summary>Waits until a line has events (true) or the wake-up was called (false).</summary>
    bool WaitForEvents(int line, int wakeUp);

    /// <summary>Takes events that are waiting; at least one, or waits for it.</summary>
    int ReadEvents(int line, Span<GpioUapi.LineEventRecord> events);

    /// <summary>Closes a chip, line or wake-up.</summary>
    void Close(int file);
}
