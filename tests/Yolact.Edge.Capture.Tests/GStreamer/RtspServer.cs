using System.Runtime.InteropServices;
using Yolact.Edge.Capture.GStreamer;

namespace Yolact.Edge.Capture.Tests.GStreamer;

/// <summary>A local RTSP server (libgstrtspserver) that serves one pipeline to everyone, on a free port of the loopback.</summary>
internal sealed unsafe partial class RtspServer : IDisposable
{
    private const string Library = "libgstrtspserver-1.0.so.0";
    private readonly nint _loop;
    private readonly Thread _thread;

    public RtspServer(string launch)
    {
        if (!NativeLibrary.TryLoad(Library, out _))
            Assert.Skip("no RTSP server here; install libgstrtspserver-1.0-0");
        GStreamerLibrary.Load();
        nint server = ServerNew();
        ServerSetAddress(server, "127.0.0.1");
        ServerSetService(server, "0");
        nint mounts = ServerGetMountPoints(server);
        nint factory = FactoryNew();
        FactorySetLaunch(factory, launch);
        FactorySetShared(factory, 1);
        AddFactory(mounts, "/cam", factory);
        GStreamerNative.ObjectUnref(mounts);
        _ = ServerAttach(server, 0);
        Address = $"rtsp://127.0.0.1:{ServerGetBoundPort(server)}/cam";
        _loop = LoopNew(0, 0);
        _thread = new(() => LoopRun(_loop)) { IsBackground = true };
        _thread.Start();
    }

    public string Address { get; }

    public void Dispose()
    {
        LoopQuit(_loop);
        _thread.Join();
    }

    [LibraryImport(Library, EntryPoint = "gst_rtsp_server_new")]
    private static partial nint ServerNew();

    [LibraryImport(Library, EntryPoint = "gst_rtsp_server_set_address", StringMarshalling = StringMarshalling.Utf8)]
    private static partial void ServerSetAddress(nint server, string address);

    [LibraryImport(Library, EntryPoint = "gst_rtsp_server_set_service", StringMarshalling = StringMarshalling.Utf8)]
    private static partial void ServerSetService(nint server, string service);

    [LibraryImport(Library, EntryPoint = "gst_rtsp_server_get_mount_points")]
    private static partial nint ServerGetMountPoints(nint server);

    [LibraryImport(Library, EntryPoint = "gst_rtsp_server_get_bound_port")]
    private static partial int ServerGetBoundPort(nint server);

    [LibraryImport(Library, EntryPoint = "gst_rtsp_server_attach")]
    private static partial uint ServerAttach(nint server, nint context);

    [LibraryImport(Library, EntryPoint = "gst_rtsp_media_factory_new")]
    private static partial nint FactoryNew();

    [LibraryImport(Library, EntryPoint = "gst_rtsp_media_factory_set_launch", StringMarshalling = StringMarshalling.Utf8)]
    private static partial void FactorySetLaunch(nint factory, string launch);

    [LibraryImport(Library, EntryPoint = "gst_rtsp_media_factory_set_shared")]
    private static partial void FactorySetShared(nint factory, int shared);

    [LibraryImport(Library, EntryPoint = "gst_rtsp_mount_points_add_factory", StringMarshalling = StringMarshalling.Utf8)]
    private static partial void AddFactory(nint mounts, string path, nint factory);

    [LibraryImport(GStreamerNative.GLib, EntryPoint = "g_main_loop_new")]
    private static partial nint LoopNew(nint context, int running);

    [LibraryImport(GStreamerNative.GLib, EntryPoint = "g_main_loop_run")]
    private static partial void LoopRun(nint loop);

    [LibraryImport(GStreamerNative.GLib, EntryPoint = "g_main_loop_quit")]
    private static partial void LoopQuit(nint loop);
}
