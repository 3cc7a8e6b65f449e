using System.Globalization;

namespace Yolact.Edge.HardwareTests.Benches;

/// <summary>The bench's lines; their numbers are those of the guest's chip (rig-chip).</summary>
public enum BenchLine
{
    /// <summary>Input: the light barrier.</summary>
    Trigger = 0,

    /// <summary>Input: opens the gate.</summary>
    Gate = 1,

    /// <summary>Output: the light.</summary>
    Strobe = 2,

    /// <summary>Output: frames are on their way.</summary>
    Busy = 3,

    /// <summary>Output: frames can be taken.</summary>
    Ready = 4,

    /// <summary>Output: the ejector.</summary>
    Reject = 5,
}

/// <summary>Ways in which a camera fails.</summary>
public enum CameraFault
{
    /// <summary>Its device is gone.</summary>
    Disconnected,

    /// <summary>It is there and delivers nothing.</summary>
    Frozen,

    /// <summary>Its driver reports a fatal error once.</summary>
    Erroring,
}

/// <summary>Pulses on an input line.</summary>
/// <param name="Count">How many.</param>
/// <param name="PeriodMs">From one rising edge to the next, in ms.</param>
/// <param name="WidthMs">How long the line is active, in ms.</param>
/// <param name="Bounces">How often the contact opens again after each rising edge, 100 us apart.</param>
public sealed record PulseTrain(int Count, double PeriodMs, double WidthMs = 5, int Bounces = 0);

/// <summary>A rising edge that the bench made: it came between two times.</summary>
/// <param name="Before">CLOCK_MONOTONIC in ns before the line was set.</param>
/// <param name="After">CLOCK_MONOTONIC in ns after it.</param>
public readonly record struct MadeEdge(long Before, long After)
{
    /// <summary>Reads "before after".</summary>
    public static MadeEdge Parse(string line)
    {
        ArgumentNullException.ThrowIfNull(line);
        string[] times = line.Split(' ');
        return new(long.Parse(times[0], CultureInfo.InvariantCulture), long.Parse(times[1], CultureInfo.InvariantCulture));
    }
}
