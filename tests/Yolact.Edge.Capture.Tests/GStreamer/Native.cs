using System.Runtime.InteropServices;
using Yolact.Edge.Capture.GStreamer;

namespace Yolact.Edge.Capture.Tests.GStreamer;

/// <summary>What tests need of GStreamer beyond what cameras do.</summary>
internal static unsafe partial class Native
{
    /// <summary>Skips the test where an element is missing, naming its package.</summary>
    public static void Need(params string[] elements)
    {
        foreach (string element in elements)
        {
            if (!GStreamerLibrary.Has(element))
                Assert.Skip($"GStreamer's {element} is missing; install {GStreamerLibrary.PackageOf(element) ?? "gstreamer1.0-plugins-good"}");
        }
    }

    /// <summary>Runs a pipeline to its end.</summary>
    public static void Run(string description)
    {
        nint pipeline = GStreamerNative.ParseLaunch(description, out GStreamerNative.Error* error);
        Assert.True(error is null, error is null ? "" : GStreamerLibrary.Text(error));
        nint bus = GStreamerNative.ElementGetBus(pipeline);
        _ = GStreamerNative.ElementSetState(pipeline, GStreamerNative.StatePlaying);
        GStreamerNative.Message* message = GStreamerNative.BusTimedPopFiltered(bus, 60_000_000_000, GStreamerNative.MessageEndOfStream | GStreamerNative.MessageError);
        Assert.True(message is not null && message->Type == GStreamerNative.MessageEndOfStream, $"the pipeline does not end well: {description}");
        GStreamerNative.MiniObjectUnref(message);
        _ = GStreamerNative.ElementSetState(pipeline, GStreamerNative.StateNull);
        GStreamerNative.ObjectUnref(bus);
        GStreamerNative.ObjectUnref(pipeline);
    }

    /// <summary>The names of a pipeline's elements' text property, as GStreamer understood a description.</summary>
    public static string? Location(string description)
    {
        nint pipeline = GStreamerNative.ParseLaunch(description, out GStreamerNative.Error* error);
        Assert.True(error is null, error is null ? "" : GStreamerLibrary.Text(error));
        nint source = GStreamerNative.BinGetByName(pipeline, "source");
        Get(source, "location", out byte* text, 0);
        string? location = Marshal.PtrToStringUTF8((nint)text);
        GStreamerNative.Free(text);
        GStreamerNative.ObjectUnref(source);
        GStreamerNative.ObjectUnref(pipeline);
        return location;
    }

    [LibraryImport(GStreamerNative.GObject, EntryPoint = "g_object_get", StringMarshalling = StringMarshalling.Utf8)]
    private static partial void Get(nint @object, string name, out byte* value, nint end);

    [LibraryImport(GStreamerNative.Core, EntryPoint = "gst_caps_from_string", StringMarshalling = StringMarshalling.Utf8)]
    public static partial nint CapsFromString(string text);
}
