using System.Runtime.InteropServices;

namespace Yolact.Edge.Capture.GStreamer;

/// <summary>
/// What <c>nvarguscamerasrc</c> attaches to its buffers as data of the mini object, under the quark <c>GstBufferMetaData</c> (NVIDIA's
/// published plug-in source): the sensor's frame number and its time.
/// </summary>
/// <param name="FrameNumber">Counts the sensor's frames.</param>
/// <param name="Timestamp">When the sensor began to read the frame out (start of frame), in ns; see <see cref="ArgusClock"/>.</param>
[StructLayout(LayoutKind.Sequential)]
internal readonly record struct ArgusMetadata(long FrameNumber, long Timestamp)
{
    /// <summary>The quark's text.</summary>
    public const string Quark = "GstBufferMetaData";
}
