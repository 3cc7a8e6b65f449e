using Yolact.Edge.Capture.Lines;

namespace Yolact.Edge.Capture.Outputs;

/// <summary>A line under the scheduler's control.</summary>
internal sealed class OutputState(IOutputLine line, bool safeActive)
{
    public IOutputLine Line { get; } = line;

    /// <summary>The level that harms nobody.</summary>
    public bool SafeActive { get; } = safeActive;

    /// <summary>The level between pulses.</summary>
    public bool Level { get; set; } = safeActive;

    /// <summary>End of the running pulse in ns; null between pulses.</summary>
    public long? PulsesUntil { get; set; }
}
