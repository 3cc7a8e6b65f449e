namespace Yolact.Edge.HardwareTests.Benches;

/// <summary>A device with the appliance on it, and hands on its lines, its camera and its power.</summary>
public interface IBench : IAsyncDisposable
{
    /// <summary>How results name it: guest, jetson.</summary>
    string Name { get; }

    /// <summary>The machine in words, for the report.</summary>
    string Machine { get; }

    /// <summary>A root shell on the device.</summary>
    Shell Shell { get; }

    /// <summary>What the bench can do; a scenario that needs more is skipped.</summary>
    IReadOnlySet<Capability> Capabilities { get; }

    /// <summary>Puts the device back: the bench's configuration, nothing left of the scenario before, the appliance running and ready.</summary>
    Task ReadyAsync();

    /// <summary>Sets an input's level (<see cref="Capability.DriveInputs"/>).</summary>
    Task SetAsync(BenchLine input, bool level);

    /// <summary>Reads a line's level (<see cref="Capability.ReadLines"/>).</summary>
    Task<bool> GetAsync(BenchLine line);

    /// <summary>Pulses an input and waits for the end (<see cref="Capability.DriveInputs"/>).</summary>
    /// <returns>When each rising edge was made, in CLOCK_MONOTONIC of the device; without times where the bench cannot know (<see cref="Capability.EdgeTimes"/>).</returns>
    Task<IReadOnlyList<MadeEdge>> PulseAsync(BenchLine input, PulseTrain train);

    /// <summary>Starts to watch lines for so many seconds (<see cref="Capability.ReadLines"/>).</summary>
    Task<LineWatch> WatchAsync(double seconds, params BenchLine[] lines);

    /// <summary>Makes the camera fail in a way, or well again (<see cref="Capability.CameraFaults"/>).</summary>
    Task FailCameraAsync(CameraFault fault, bool fails);

    /// <summary>Takes the device's power away, at once (<see cref="Capability.PowerCut"/>).</summary>
    /// <param name="clock">What its battery-backed clock says when the power comes back (<see cref="Capability.SetClock"/>); null: the time.</param>
    Task CutPowerAsync(DateTime? clock = null);

    /// <summary>Gives it back and waits until the device can be logged in to.</summary>
    Task PowerOnAsync();

    /// <summary>Copies what tells about a failure into a folder.</summary>
    Task KeepAsync(string folder);
}
