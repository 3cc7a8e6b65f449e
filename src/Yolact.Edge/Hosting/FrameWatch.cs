using Yolact.Edge.Capture.Cameras;
using Yolact.Edge.Capture.Triggers;

namespace Yolact.Edge.Hosting;

/// <summary>
/// Judges from one look to the next whether frames flow where they should. Not its concern: a camera that stalled, which the recovery ladder tries
/// to mend, and one that ended.
/// </summary>
public sealed class FrameWatch
{
    private FrameFlow? _before;

    /// <summary>True where frames moved since the last look, or none had to.</summary>
    /// <param name="appliance">Null while it starts: the start-up timeout watches over that.</param>
    public bool IsAlive(Appliance? appliance) => appliance is null || IsAlive(appliance.Flow);

    /// <summary>True where frames moved since the last look, or none had to.</summary>
    /// <param name="now">The flow at this look.</param>
    internal bool IsAlive(in FrameFlow now)
    {
        FrameFlow? before = _before;
        _before = now;
        if (before is not { } last)
            return true;
        if (now.Camera is not CameraState.Running || last.Camera is not CameraState.Running)
            return now.Pending == 0 || now.Done != last.Done;
        // A sensor that a line triggers is silent until then; any other running camera delivers.
        bool delivers = now.Mode == TriggerMode.Hardware || now.Captured != last.Captured;
        bool finishes = now.Done != last.Done || (now.Mode != TriggerMode.FreeRun && now.Pending == 0);
        return delivers && finishes;
    }
}

/// <summary>How far frames have come.</summary>
/// <param name="Camera">What the camera is doing.</param>
/// <param name="Mode">What asks for pictures.</param>
/// <param name="Captured">Frames that the camera delivered.</param>
/// <param name="Pending">Frames that were accepted and are not done.</param>
/// <param name="Done">Frames that are done, one way or another.</param>
public readonly record struct FrameFlow(CameraState Camera, TriggerMode Mode, long Captured, int Pending, long Done);
