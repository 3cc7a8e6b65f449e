namespace Yolact.Edge.HardwareTests.Benches;

/// <summary>What a bench may be able to do.</summary>
public enum Capability
{
    /// <summary>Sets input lines.</summary>
    DriveInputs,

    /// <summary>Knows in the device's CLOCK_MONOTONIC when it made an edge.</summary>
    EdgeTimes,

    /// <summary>Reads the levels of lines beside the appliance.</summary>
    ReadLines,

    /// <summary>Makes the camera fail.</summary>
    CameraFaults,

    /// <summary>Has a camera of exactly 25 frames a second that stamps frames with the kernel's clock.</summary>
    CameraGrid,

    /// <summary>Has a broker on the device that may be stopped and started.</summary>
    OwnBroker,

    /// <summary>May set the wall clock.</summary>
    SetClock,

    /// <summary>Takes the power away.</summary>
    PowerCut,

    /// <summary>May fill the disk.</summary>
    FillDisk,

    /// <summary>May install and remove packages.</summary>
    Packages,
}
