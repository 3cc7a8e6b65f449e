using Yolact.Edge.Capture.Cameras;
using Yolact.Edge.Capture.GStreamer;
using Yolact.Edge.Capture.Playback;
using Yolact.Edge.Capture.Recordings;
using Yolact.Edge.Capture.Recovery;
using Yolact.Edge.Capture.Triggers;
using Yolact.Edge.Imaging;
using Yolact.Edge.Simulation.Camera;
using Yolact.Edge.Simulation.World;
using Yolact.Edge.Vision.Pictures;

namespace Yolact.Edge.Hosting;

/// <summary>Makes the camera that a configuration names.</summary>
public static class CameraFactory
{
    private const double BeltFps = 30;

    /// <summary>A camera, not started yet.</summary>
    /// <param name="options">Valid options.</param>
    /// <param name="world">The belt, for the camera above it.</param>
    /// <param name="networkSize">Side of the network's input in px, which some cameras scale to in hardware.</param>
    /// <param name="clock">The clock of frames.</param>
    public static ICamera Create(CameraOptions options, BeltWorld world, int networkSize, TimeProvider clock)
    {
        ArgumentNullException.ThrowIfNull(options);
        var pool = new FramePool();
        return options.Kind switch
        {
            CameraKind.Belt => new BeltCamera(options.Name, world, new BeltCameraOptions { Rate = options.Fps ?? BeltFps }, clock),
            CameraKind.Folder => new FolderCamera(options, Decode, pool, clock),
            CameraKind.Recording => new RecordingCamera(options, pool, clock),
            // A file is no device: what is wrong with it stays wrong.
            CameraKind.File => new GStreamerCamera(options, pool, null, clock),
            _ => Supervised(options, () => new GStreamerCamera(options, pool, (networkSize, networkSize), clock), clock),
        };
    }

    // Without somebody who starts the program anew, giving up would be the end: then it goes on trying.
    private static SupervisedCamera Supervised(CameraOptions options, Func<ICamera> make, TimeProvider clock) => new(
        options.Name, make, options.Recovery with { HandOver = options.Recovery.HandOver && Supervisor.IsThere }, clock,
        options.Kind == CameraKind.Csi ? stop => ServiceRestart.RunAsync(ServiceRestart.Argus, stop) : null,
        waitsForTrigger: options.Trigger.Mode == TriggerMode.Hardware);

    // Capture knows no picture format: it leaves out what cannot be decoded, and counts it.
    private static Frame Decode(string path, FramePool pool)
    {
        try
        {
            return PictureFile.Read(path, pool);
        }
        catch (PictureException error)
        {
            throw new InvalidDataException(error.Message, error);
        }
    }
}
