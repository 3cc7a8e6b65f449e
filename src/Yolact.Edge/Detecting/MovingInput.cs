using Yolact.Edge.Capture.Cameras;
using Yolact.Edge.Capture.Recordings;

namespace Yolact.Edge.Detecting;

/// <summary>Videos, recordings and cameras that a command line names.</summary>
public static class MovingInput
{
    private static readonly string[] VideoEndings = [".mp4", ".m4v", ".mkv", ".webm", ".mov", ".avi", ".ts", ".mpg", ".mpeg"];

    /// <summary>The source that an input means; null where it is no video, recording or camera.</summary>
    /// <param name="input">What the person typed: a video file, a recording, <c>rtsp://host/stream</c> or <c>/dev/video0</c>.</param>
    public static CameraOptions? Of(string input)
    {
        ArgumentException.ThrowIfNullOrEmpty(input);
        CameraKind? kind =
            input.StartsWith("rtsp://", StringComparison.OrdinalIgnoreCase) || input.StartsWith("rtsps://", StringComparison.OrdinalIgnoreCase) ? CameraKind.Rtsp
            : input.StartsWith("/dev/video", StringComparison.Ordinal) ? CameraKind.Usb
            : !File.Exists(input) ? null
            : RecordingReader.IsRecording(input) ? CameraKind.Recording
            : VideoEndings.Contains(Path.GetExtension(input), StringComparer.OrdinalIgnoreCase) ? CameraKind.File
            : null;
        return kind is { } known ? new CameraOptions { Kind = known, Source = input } : null;
    }
}
