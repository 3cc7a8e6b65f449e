using System.Runtime.InteropServices;

namespace Yolact.Edge.Capture.GStreamer;

/// <summary>
/// The part of GStreamer's C API that a camera needs. Three structures have no accessor functions; their layouts are those of GStreamer
/// 1.x on 64-bit Linux, which its ABI promise keeps fixed, and are checked by tests against the installed library.
/// </summary>
internal static unsafe partial class GStreamerNative
{
    public const string Core = "libgstreamer-1.0.so.0";
    public const string App = "libgstapp-1.0.so.0";
    public const string Video = "libgstvideo-1.0.so.0";
    public const string GLib = "libglib-2.0.so.0";
    public const string GObject = "libgobject-2.0.so.0";

    public const int StateNull = 1;
    public const int StatePlaying = 4;
    public const int StateChangeFailure = 0;
    public const int FormatTime = 3;
    public const int MapRead = 1;
    public const int MessageEndOfStream = 1;
    public const int MessageError = 2;
    public const int ProbeBuffer = 16;
    public const int ProbeOk = 1;
    public const ulong NoTime = ulong.MaxValue;
    public const int SeekFlush = 1;

    /// <summary>GstMapInfo: memory, flags, data, size, maxsize, user_data[4], reserved[4]; 104 bytes.</summary>
    [StructLayout(LayoutKind.Explicit, Size = 104)]
    public struct MapInfo
    {
        [FieldOffset(16)]
        public byte* Data;
        [FieldOffset(24)]
        public nuint Size;
    }

    /// <summary>GstBuffer: mini object (64 bytes), pool, pts, dts, duration, offset, offset_end; 112 bytes.</summary>
    [StructLayout(LayoutKind.Explicit, Size = 112)]
    public struct Buffer
    {
        [FieldOffset(72)]
        public ulong Pts;
        [FieldOffset(96)]
        public ulong Offset;
    }

    /// <summary>GstVideoMeta: where each plane lies in its buffer; 144 bytes.</summary>
    [StructLayout(LayoutKind.Explicit, Size = 144)]
    public struct VideoMeta
    {
        [FieldOffset(36)]
        public uint Width;
        [FieldOffset(40)]
        public uint Height;
        [FieldOffset(44)]
        public uint PlaneCount;
        [FieldOffset(48)]
        public fixed ulong Offset[4];
        [FieldOffset(80)]
        public fixed int Stride[4];
    }

    /// <summary>GstVideoInfo: the same for buffers without that; 152 bytes.</summary>
    [StructLayout(LayoutKind.Explicit, Size = 152)]
    public struct VideoInfo
    {
        [FieldOffset(16)]
        public int Width;
        [FieldOffset(20)]
        public int Height;
        [FieldOffset(24)]
        public ulong Size;
        [FieldOffset(72)]
        public fixed ulong Offset[4];
        [FieldOffset(104)]
        public fixed int Stride[4];
    }

    /// <summary>GstMessage up to its type.</summary>
    [StructLayout(LayoutKind.Explicit)]
    public struct Message
    {
        [FieldOffset(64)]
        public int Type;
    }

    /// <summary>GstPadProbeInfo up to its data.</summary>
    [StructLayout(LayoutKind.Explicit)]
    public struct PadProbeInfo
    {
        [FieldOffset(16)]
        public Buffer* Data;
    }

    /// <summary>GError: domain, code, message.</summary>
    [StructLayout(LayoutKind.Explicit)]
    public struct Error
    {
        [FieldOffset(8)]
        public byte* Message;
    }

    [LibraryImport(Core, EntryPoint = "gst_init_check")]
    public static partial int InitCheck(nint argc, nint argv, out Error* error);

    [LibraryImport(Core, EntryPoint = "gst_version")]
    public static partial void Version(out uint major, out uint minor, out uint micro, out uint nano);

    [LibraryImport(Core, EntryPoint = "gst_parse_launch", StringMarshalling = StringMarshalling.Utf8)]
    public static partial nint ParseLaunch(string description, out Error* error);

    [LibraryImport(Core, EntryPoint = "gst_element_factory_find", StringMarshalling = StringMarshalling.Utf8)]
    public static partial nint ElementFactoryFind(string name);

    [LibraryImport(Core, EntryPoint = "gst_bin_get_by_name", StringMarshalling = StringMarshalling.Utf8)]
    public static partial nint BinGetByName(nint bin, string name);

    [LibraryImport(Core, EntryPoint = "gst_element_set_state")]
    public static partial int ElementSetState(nint element, int state);

    [LibraryImport(Core, EntryPoint = "gst_element_get_base_time")]
    public static partial ulong ElementGetBaseTime(nint element);

    [LibraryImport(Core, EntryPoint = "gst_element_get_bus")]
    public static partial nint ElementGetBus(nint element);

    [LibraryImport(Core, EntryPoint = "gst_element_get_static_pad", StringMarshalling = StringMarshalling.Utf8)]
    public static partial nint ElementGetStaticPad(nint element, string name);

    [LibraryImport(Core, EntryPoint = "gst_element_seek_simple")]
    public static partial int ElementSeekSimple(nint element, int format, int flags, long position);

    [LibraryImport(Core, EntryPoint = "gst_system_clock_obtain")]
    public static partial nint SystemClockObtain();

    [LibraryImport(Core, EntryPoint = "gst_pipeline_use_clock")]
    public static partial void PipelineUseClock(nint pipeline, nint clock);

    [LibraryImport(Core, EntryPoint = "gst_bus_timed_pop_filtered")]
    public static partial Message* BusTimedPopFiltered(nint bus, ulong timeout, int types);

    [LibraryImport(Core, EntryPoint = "gst_message_parse_error")]
    public static partial void MessageParseError(Message* message, out Error* error, out byte* debug);

    [LibraryImport(Core, EntryPoint = "gst_mini_object_unref")]
    public static partial void MiniObjectUnref(void* miniObject);

    [LibraryImport(Core, EntryPoint = "gst_mini_object_get_qdata")]
    public static partial void* MiniObjectGetQData(void* miniObject, uint quark);

    [LibraryImport(Core, EntryPoint = "gst_object_unref")]
    public static partial void ObjectUnref(nint @object);

    [LibraryImport(Core, EntryPoint = "gst_pad_get_current_caps")]
    public static partial nint PadGetCurrentCaps(nint pad);

    [LibraryImport(Core, EntryPoint = "gst_pad_add_probe")]
    public static partial ulong PadAddProbe(nint pad, int mask, delegate* unmanaged<nint, PadProbeInfo*, nint, int> callback, nint data, nint destroy);

    [LibraryImport(Core, EntryPoint = "gst_pad_remove_probe")]
    public static partial void PadRemoveProbe(nint pad, ulong id);

    [LibraryImport(Core, EntryPoint = "gst_sample_get_buffer")]
    public static partial Buffer* SampleGetBuffer(void* sample);

    [LibraryImport(Core, EntryPoint = "gst_sample_get_caps")]
    public static partial nint SampleGetCaps(void* sample);

    [LibraryImport(Core, EntryPoint = "gst_sample_get_segment")]
    public static partial nint SampleGetSegment(void* sample);

    [LibraryImport(Core, EntryPoint = "gst_segment_to_running_time")]
    public static partial ulong SegmentToRunningTime(nint segment, int format, ulong position);

    [LibraryImport(Core, EntryPoint = "gst_caps_get_structure")]
    public static partial nint CapsGetStructure(nint caps, uint index);

    [LibraryImport(Core, EntryPoint = "gst_structure_get_string", StringMarshalling = StringMarshalling.Utf8)]
    public static partial byte* StructureGetString(nint structure, string field);

    [LibraryImport(Core, EntryPoint = "gst_buffer_map")]
    public static partial int BufferMap(Buffer* buffer, MapInfo* info, int flags);

    [LibraryImport(Core, EntryPoint = "gst_buffer_unmap")]
    public static partial void BufferUnmap(Buffer* buffer, MapInfo* info);

    [LibraryImport(Core, EntryPoint = "gst_util_set_object_arg", StringMarshalling = StringMarshalling.Utf8)]
    public static partial void SetObjectArgument(nint @object, string name, string value);

    [LibraryImport(App, EntryPoint = "gst_app_sink_try_pull_sample")]
    public static partial void* TryPullSample(nint sink, ulong timeout);

    [LibraryImport(App, EntryPoint = "gst_app_sink_is_eos")]
    public static partial int IsEndOfStream(nint sink);

    [LibraryImport(Video, EntryPoint = "gst_buffer_get_video_meta")]
    public static partial VideoMeta* BufferGetVideoMeta(Buffer* buffer);

    [LibraryImport(Video, EntryPoint = "gst_video_info_from_caps")]
    public static partial int VideoInfoFromCaps(VideoInfo* info, nint caps);

    [LibraryImport(GLib, EntryPoint = "g_quark_from_string", StringMarshalling = StringMarshalling.Utf8)]
    public static partial uint QuarkFromString(string text);

    [LibraryImport(GLib, EntryPoint = "g_error_free")]
    public static partial void ErrorFree(Error* error);

    [LibraryImport(GLib, EntryPoint = "g_free")]
    public static partial void Free(void* memory);
}
