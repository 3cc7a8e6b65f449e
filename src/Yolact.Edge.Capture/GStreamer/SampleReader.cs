using System.Runtime.InteropServices;
using Yolact.Edge.Capture.Cameras;
using static Yolact.Edge.Capture.GStreamer.GStreamerNative;

namespace Yolact.Edge.Capture.GStreamer;

/// <summary>Turns a GStreamer sample into a pooled frame: one copy, with the strides that the buffer has. For one thread.</summary>
internal sealed unsafe class SampleReader(FramePool pool)
{
    private nint _caps;
    private VideoInfo _info;
    private PixelFormat _format;

    /// <summary>Copies the picture; neither number nor time is set.</summary>
    /// <param name="sample">A sample with raw video.</param>
    /// <exception cref="CameraException">A format that frames cannot have, or a buffer shorter than its format says.</exception>
    public Frame Read(void* sample)
    {
        GStreamerNative.Buffer* buffer = SampleGetBuffer(sample);
        if (buffer is null)
            throw new CameraException("GStreamer delivered a sample without a picture.");
        ReadCaps(SampleGetCaps(sample));
        Span<ulong> offsets = stackalloc ulong[4];
        Span<int> strides = stackalloc int[4];
        VideoMeta* meta = BufferGetVideoMeta(buffer);
        for (int plane = 0; plane < 4; plane++)
        {
            offsets[plane] = meta is null ? _info.Offset[plane] : meta->Offset[plane];
            strides[plane] = meta is null ? _info.Stride[plane] : meta->Stride[plane];
        }
        MapInfo map;
        if (BufferMap(buffer, &map, MapRead) == 0)
            throw new CameraException("GStreamer's picture cannot be read by the CPU (it may lie in device memory: end the pipeline in video/x-raw).");
        try
        {
            return Copy(new ReadOnlySpan<byte>(map.Data, checked((int)map.Size)), offsets, strides);
        }
        finally
        {
            BufferUnmap(buffer, &map);
        }
    }

    private void ReadCaps(nint caps)
    {
        // Caps objects are immutable, and the sink keeps the current one alive: the same address means the same format.
        if (caps == _caps && caps != 0)
            return;
        VideoInfo info;
        if (caps == 0 || VideoInfoFromCaps(&info, caps) == 0)
            throw new CameraException("GStreamer delivered something that is no raw video; end the pipeline in video/x-raw.");
        string? format = Marshal.PtrToStringUTF8((nint)StructureGetString(CapsGetStructure(caps, 0), "format"));
        _format = format switch
        {
            "RGB" => PixelFormat.Rgb24,
            "BGR" => PixelFormat.Bgr24,
            "BGRx" or "BGRA" => PixelFormat.Bgrx32,
            "NV12" => PixelFormat.Nv12,
            "YUY2" => PixelFormat.Yuy2,
            "GRAY8" => PixelFormat.Gray8,
            _ => throw new CameraException($"The pipeline delivers {format}; put videoconvert ! video/x-raw,format=RGB before the sink (RGB, BGR, BGRx, NV12, YUY2 and GRAY8 can be read)."),
        };
        _info = info;
        _caps = caps;
    }

    private Frame Copy(ReadOnlySpan<byte> source, ReadOnlySpan<ulong> offsets, ReadOnlySpan<int> strides)
    {
        FrameLayout layout = FrameLayout.Packed(_info.Width, _info.Height, _format);
        int rowBytes = layout.Stride;
        Frame frame = pool.Rent(layout);
        try
        {
            CopyPlane(source, offsets[0], strides[0], frame.Pixels, layout.Stride, rowBytes, layout.Height);
            if (_format == PixelFormat.Nv12)
            {
                CopyPlane(source, offsets[1], strides[1], frame.Pixels[layout.ChromaOffset..], layout.ChromaStride, layout.ChromaStride,
                    (layout.Height + 1) / 2);
            }
            return frame;
        }
        catch
        {
            frame.Dispose();
            throw;
        }
    }

    private static void CopyPlane(ReadOnlySpan<byte> source, ulong offset, int stride, Span<byte> target, int targetStride, int rowBytes, int rows)
    {
        long last = (long)offset + ((long)stride * (rows - 1)) + rowBytes;
        if (stride < rowBytes || offset > int.MaxValue || last > source.Length)
            throw new CameraException($"GStreamer's buffer of {source.Length} bytes is shorter than its format says ({last} bytes).");
        if (stride == targetStride)
        {
            source.Slice((int)offset, (stride * (rows - 1)) + rowBytes).CopyTo(target);
            return;
        }
        for (int y = 0; y < rows; y++)
            source.Slice((int)offset + (y * stride), rowBytes).CopyTo(target[(y * targetStride)..]);
    }
}
