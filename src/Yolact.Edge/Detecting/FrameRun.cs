using Yolact.Edge.Capture.Cameras;

namespace Yolact.Edge.Detecting;

/// <summary>Takes frames from a camera until it ends, there are enough, or somebody stops it.</summary>
public static class FrameRun
{
    /// <summary>Runs a camera.</summary>
    /// <param name="camera">A camera that was not started; stopped at the end, not disposed.</param>
    /// <param name="most">Frames to take at most; null for all.</param>
    /// <param name="look">Receives each frame, one at a time; disposed afterwards. What it throws ends the run.</param>
    /// <param name="cancellation">Ends it as if there were enough.</param>
    /// <returns>How many frames were taken.</returns>
    /// <exception cref="CameraException">The camera cannot be used, or broke.</exception>
    public static async Task<long> TakeAsync(ICamera camera, long? most, Action<CameraFrame> look, CancellationToken cancellation)
    {
        ArgumentNullException.ThrowIfNull(camera);
        ArgumentNullException.ThrowIfNull(look);
        var over = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        long taken = 0;
        void OnState(CameraStateChange change)
        {
            if (change.State == CameraState.Ended)
                over.TrySetResult();
            else if (change.State == CameraState.Failed && change.Reason.Length > 0)
                over.TrySetException(new CameraException(change.Reason));
        }
        void OnFrame(CameraFrame frame)
        {
            using (frame)
            {
                if (over.Task.IsCompleted)
                    return;
                try
                {
                    look(frame);
                    if (++taken == most)
                        over.TrySetResult();
                }
                catch (Exception error) when (error is not OutOfMemoryException)
                {
                    over.TrySetException(error);
                }
            }
        }
        camera.StateChanged += OnState;
        await using CancellationTokenRegistration stop = cancellation.Register(() => over.TrySetResult());
        await camera.StartAsync(OnFrame, cancellation);
        try
        {
            await over.Task;
        }
        finally
        {
            await camera.StopAsync();
        }
        return taken;
    }
}
