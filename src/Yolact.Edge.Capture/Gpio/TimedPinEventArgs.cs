using System.Device.Gpio;

namespace Yolact.Edge.Capture.Gpio;

/// <summary>A pin's change with the kernel's time and number of it.</summary>
/// <param name="changeType">Which way.</param>
/// <param name="pinNumber">The pin.</param>
/// <param name="time">CLOCK_MONOTONIC when the interrupt came.</param>
/// <param name="sequence">The kernel's number of this event on its line: a gap tells how many were lost.</param>
/// <param name="lost">Events lost since the last one.</param>
public sealed class TimedPinEventArgs(PinEventTypes changeType, int pinNumber, MonotonicTime time, long sequence, long lost)
    : PinValueChangedEventArgs(changeType, pinNumber)
{
    /// <summary>CLOCK_MONOTONIC when the interrupt came.</summary>
    public MonotonicTime Time => time;

    /// <summary>The kernel's number of this event on its line.</summary>
    public long Sequence => sequence;

    /// <summary>Events that were lost since the last one.</summary>
    public long Lost => lost;
}
