using System.Runtime.CompilerServices;
using Yolact.Edge.Capture.GStreamer;

namespace Yolact.Edge.Capture.Tests.GStreamer;

/// <summary>The structures without accessors, against the installed library: it fills them, and known values stand where we look.</summary>
public unsafe class LayoutTests
{
    [Fact]
    public void Sizes_are_those_of_the_abi()
    {
        Assert.Equal(104, Unsafe.SizeOf<GStreamerNative.MapInfo>());
        Assert.Equal(112, Unsafe.SizeOf<GStreamerNative.Buffer>());
        Assert.Equal(144, Unsafe.SizeOf<GStreamerNative.VideoMeta>());
        Assert.Equal(152, Unsafe.SizeOf<GStreamerNative.VideoInfo>());
    }

    [Fact]
    public void Video_info_is_where_we_look_for_it()
    {
        Native.Need("appsink");
        nint caps = Native.CapsFromString("video/x-raw,format=NV12,width=33,height=17,framerate=1/1");
        GStreamerNative.VideoInfo info;
        Assert.NotEqual(0, GStreamerNative.VideoInfoFromCaps(&info, caps));
        // GStreamer's default: rows to four bytes, chroma after an even number of rows.
        Assert.Equal((33, 17, 36, 36, 0UL, 36UL * 18), (info.Width, info.Height, info.Stride[0], info.Stride[1], info.Offset[0], info.Offset[1]));
        Assert.Equal(36UL * 27, info.Size);
        GStreamerNative.MiniObjectUnref((void*)caps);
    }
}
