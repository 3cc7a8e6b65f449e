using System.Runtime.InteropServices;
using Yolact.Edge.Capture.Cameras;

namespace Yolact.Edge.Capture.GStreamer;

/// <summary>Loads GStreamer once, and says which packages are missing where it cannot.</summary>
public static unsafe class GStreamerLibrary
{
    /// <summary>The Debian packages that cameras over GStreamer need.</summary>
    public const string Packages = "libgstreamer1.0-0 libgstreamer-plugins-base1.0-0 gstreamer1.0-plugins-base gstreamer1.0-plugins-good";

    private static readonly Lock Gate = new();
    private static Version? _version;

    /// <summary>Loads and initialises the library; later calls do nothing.</summary>
    /// <returns>GStreamer's version.</returns>
    /// <exception cref="CameraException">It is not installed or refuses to start; names the packages.</exception>
    public static Version Load()
    {
        lock (Gate)
            return _version ??= Initialise();
    }

    /// <summary>True where the library and an element are there.</summary>
    /// <param name="element">Name of the element's factory: <c>v4l2src</c>.</param>
    public static bool Has(string element)
    {
        try
        {
            Load();
        }
        catch (CameraException)
        {
            return false;
        }
        nint factory = GStreamerNative.ElementFactoryFind(element);
        if (factory != 0)
            GStreamerNative.ObjectUnref(factory);
        return factory != 0;
    }

    /// <summary>The Debian package, or the vendor's, that brings an element; null where that is not known.</summary>
    /// <param name="element">Name of the element's factory.</param>
    public static string? PackageOf(string element) => element switch
    {
        "nvarguscamerasrc" or "nvvidconv" => "nvidia-l4t-gstreamer (part of JetPack; not available elsewhere)",
        "v4l2src" or "jpegdec" or "rtspsrc" or "rtph264depay" or "matroskademux" or "avidemux" or "qtdemux" or "videocrop" => "gstreamer1.0-plugins-good",
        "avdec_h264" or "avdec_h265" => "gstreamer1.0-libav",
        "h264parse" or "openh264dec" => "gstreamer1.0-plugins-bad",
        "decodebin" or "videoconvert" or "videoscale" or "appsink" or "videotestsrc" or "uridecodebin" => "gstreamer1.0-plugins-base",
        _ => null,
    };

    private static Version Initialise()
    {
        try
        {
            if (GStreamerNative.InitCheck(0, 0, out GStreamerNative.Error* error) == 0)
            {
                string reason = Text(error);
                throw new CameraException($"GStreamer does not start: {reason}. Reinstall its packages: apt install --reinstall {Packages}")
                {
                    IsPermanent = true,
                };
            }
            GStreamerNative.Version(out uint major, out uint minor, out uint micro, out _);
            // Loads the other two, so that a missing one is reported here and not in the middle of a stream.
            foreach (string library in new[] { GStreamerNative.App, GStreamerNative.Video })
                NativeLibrary.Load(library);
            return new Version((int)major, (int)minor, (int)micro);
        }
        catch (Exception error) when (error is DllNotFoundException or EntryPointNotFoundException)
        {
            throw new CameraException($"GStreamer is not installed, but this camera needs it. Install it: apt install {Packages}", error)
            {
                IsPermanent = true,
            };
        }
    }

    /// <summary>An error's text; frees the error.</summary>
    internal static string Text(GStreamerNative.Error* error)
    {
        if (error is null)
            return "no reason given";
        string text = Marshal.PtrToStringUTF8((nint)error->Message) ?? "no reason given";
        GStreamerNative.ErrorFree(error);
        return text;
    }
}
