namespace Yolact.Edge.Capture.Cameras;

/// <summary>
/// A source of pictures: real, recorded or simulated. One start, one stop, then disposal; a camera that is to run again is made anew.
/// </summary>
/// <remarks>
/// Frames come one after the other, in order, on a thread of the camera's choosing. <see cref="Frame.Sequence"/> rises by one a picture
/// taken, so a gap tells how many were dropped on the way. A live camera drops what its handler is too slow for; a source that is not
/// live (file, folder, recording) waits for the handler and drops nothing.
/// </remarks>
public interface ICamera : IAsyncDisposable
{
    /// <summary>The camera's name in messages and logs.</summary>
    string Name { get; }

    /// <summary>What the camera is doing now.</summary>
    CameraState State { get; }

    /// <summary>What the times of this camera's frames mean, in general; each frame's own <see cref="Frame.Time"/> is binding.</summary>
    CameraTiming Timing { get; }

    /// <summary>Told of every change of <see cref="State"/>, in order, on any thread; handlers must not block.</summary>
    event Action<CameraStateChange>? StateChanged;

    /// <summary>Starts taking pictures.</summary>
    /// <param name="onFrame">Receives each picture and owns it: disposes it, or passes that duty on. Must not throw.</param>
    /// <param name="cancellation">Gives up starting; does not stop a started camera.</param>
    /// <exception cref="CameraException">The camera cannot be started; says why and what to do.</exception>
    /// <exception cref="InvalidOperationException">It was started before.</exception>
    Task StartAsync(Action<CameraFrame> onFrame, CancellationToken cancellation = default);

    /// <summary>Stops. When the task ends, no handler runs any more. Does nothing where the camera has stopped already.</summary>
    Task StopAsync();

    /// <summary>Sets what the camera can set while it runs.</summary>
    /// <param name="wanted">Null members are left as they are.</param>
    /// <returns>What was taken over; null for each member that this camera cannot set.</returns>
    CameraControls Apply(CameraControls wanted);
}
