namespace Yolact.Edge.Capture.Cameras;

/// <summary>What a camera is doing.</summary>
public enum CameraState
{
    /// <summary>Not started, or stopped as asked.</summary>
    Stopped,

    /// <summary>Started; no frame yet, and none is overdue.</summary>
    Starting,

    /// <summary>Not there yet; it is looked for again and again.</summary>
    Waiting,

    /// <summary>Frames flow.</summary>
    Running,

    /// <summary>Frames ceased to flow though they should; recovery is under way.</summary>
    Stalled,

    /// <summary>The source came to its end (file, folder, recording).</summary>
    Ended,

    /// <summary>Broken, and nobody tries to mend it any more.</summary>
    Failed,
}

/// <summary>A camera's state changed.</summary>
/// <param name="Time">When.</param>
/// <param name="State">The state from now on.</param>
/// <param name="Reason">Why, in words for a person; empty where there is nothing to say.</param>
/// <param name="Rung">The step of the recovery ladder that is being taken; null outside recovery.</param>
/// <param name="Attempt">How often that step was tried for this stall, this time included; 0 outside recovery.</param>
public sealed record CameraStateChange(
    MonotonicTime Time, CameraState State, string Reason, RecoveryRung? Rung = null, int Attempt = 0);

/// <summary>The steps of the recovery ladder, mildest first.</summary>
public enum RecoveryRung
{
    /// <summary>Build the source anew (for GStreamer: the pipeline).</summary>
    Rebuild,

    /// <summary>Restart the system service that owns the sensor (<c>nvargus-daemon</c> for CSI), then build anew.</summary>
    RestartService,

    /// <summary>Give up in this process: the supervisor (systemd) is to restart it.</summary>
    HandOver,
}
