namespace Yolact.Edge.Capture.Triggers;

/// <summary>Which moments pictures are taken for.</summary>
public enum TriggerMode
{
    /// <summary>Every frame is looked at; the newest wins where they come too fast.</summary>
    FreeRun,

    /// <summary>Each edge of a line is answered by the first frame (or n frames) whose exposure starts at or after it.</summary>
    Edge,

    /// <summary>Every frame whose exposure starts while the line is active.</summary>
    Gate,

    /// <summary>As <see cref="Edge"/>; requests come as messages or calls.</summary>
    Software,

    /// <summary>The line triggers the sensor itself: edge n is frame n.</summary>
    Hardware,
}
