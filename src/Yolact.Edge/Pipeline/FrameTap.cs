using Yolact.Edge.Capture.Cameras;
using Yolact.Edge.Imaging;
using Yolact.Edge.Vision.Drawing;

namespace Yolact.Edge.Pipeline;

/// <summary>
/// Lets somebody look at the next frame: the next one from the camera, or the next one that went through the network, with what was seen
/// drawn in. Where nobody looks it costs a comparison a frame. Safe for use from several threads.
/// </summary>
public sealed class FrameTap
{
    private readonly Lock _lock = new();
    private TaskCompletionSource<TappedPicture>? _raw;
    private TaskCompletionSource<TappedPicture>? _seen;

    /// <summary>The next picture from the camera, copied.</summary>
    /// <param name="cancellation">Gives up waiting.</param>
    public Task<TappedPicture> NextAsync(CancellationToken cancellation) => Wait(ref _raw).WaitAsync(cancellation);

    /// <summary>The next picture that went through the network, with masks drawn in.</summary>
    /// <param name="cancellation">Gives up waiting.</param>
    public Task<TappedPicture> NextSeenAsync(CancellationToken cancellation) => Wait(ref _seen).WaitAsync(cancellation);

    /// <summary>A frame came from the camera.</summary>
    /// <param name="frame">Valid during the call.</param>
    public void OnFrame(in CameraFrame frame)
    {
        if (Take(ref _raw) is { } asked)
            Answer(asked, frame.FullPicture ?? frame.Picture, [], [], null);
    }

    /// <summary>A frame went through the network.</summary>
    /// <param name="result">Valid during the call.</param>
    public void OnFinished(in FrameResult result)
    {
        if (result.Picture is { } picture && Take(ref _seen) is { } asked)
            Answer(asked, picture, result.Detections.Items, result.Recipe.Labels, result.Captured.Edge?.Id);
    }

    private Task<TappedPicture> Wait(ref TaskCompletionSource<TappedPicture>? asked)
    {
        lock (_lock)
            return (asked ??= new TaskCompletionSource<TappedPicture>(TaskCreationOptions.RunContinuationsAsynchronously)).Task;
    }

    private TaskCompletionSource<TappedPicture>? Take(ref TaskCompletionSource<TappedPicture>? asked)
    {
        if (Volatile.Read(ref asked) is null)
            return null;
        lock (_lock)
        {
            TaskCompletionSource<TappedPicture>? taken = asked;
            asked = null;
            return taken;
        }
    }

    // A picture that cannot be shown must not stop the camera or the pipeline.
    private static void Answer(TaskCompletionSource<TappedPicture> asked, Frame picture, ReadOnlySpan<Detection> seen, IReadOnlyList<string> labels, long? edge)
    {
        try
        {
            asked.TrySetResult(new TappedPicture(Overlay.Draw(picture, seen, labels), picture.Sequence, edge));
        }
        catch (Exception error) when (error is not OutOfMemoryException)
        {
            asked.TrySetException(error);
        }
    }
}

/// <summary>A copy of a picture.</summary>
/// <param name="Picture">The pixels.</param>
/// <param name="Sequence">The source's number of the frame.</param>
/// <param name="EdgeId">The edge that it answers; null for none, or where that is not known yet.</param>
public sealed record TappedPicture(Overlay Picture, long Sequence, long? EdgeId);
