using System.Runtime.InteropServices;
using Yolact.Edge.Capture.GStreamer;

namespace Yolact.Edge.Capture.Tests.GStreamer;

/// <summary>
/// A local RTSP server (libgstrtspserver) that serves one pipeline to everyone, on the loopback. Its end is a camera's that loses power: the port
/// is closed, connections break, nobody says goodbye.
/// </summary>
internal sealed unsafe partial class RtspServer : IDisposable
{
    private const string Library = "libgstrtspserver-1.0.so.0";
    private readonly nint _server;
    private readonly nint _loop;
    private readonly uint _listening;
    private readonly Thread _thread;

    /// <param name="launch">The pipeline, in brackets, with a payloader called pay0.</param>
    /// <param name="port">0 for a free one.</param>
    public RtspServer(string launch, int port = 0)
    {
        if (!NativeLibrary.TryLoad(Library, out _))
            Assert.Skip("no RTSP server here; install libgstrtspserver-1.0-0");
        GStreamerLibrary.Load();
        nint server = ServerNew();
        ServerSetAddress(server, "127.0.0.1");
        ServerSetService(server, port.ToString(System.Globalization.CultureInfo.InvariantCulture));
        nint mounts = ServerGetMountPoints(server);
        nint factory = FactoryNew();
        FactorySetLaunch(factory, launch);
        FactorySetShared(factory, 1);
        AddFactory(mounts, "/cam", factory);
        GStreamerNative.ObjectUnref(mounts);
        _server = server;
        _listening = ServerAttach(server, 0);
        Port = ServerGetBoundPort(server);
        Address = $"rtsp://127.0.0.1:{Port}/cam";
        _loop = LoopNew(0, 0);
        _thread = new(() => LoopRun(_loop)) { IsBackground = true };
        _thread.Start();
    }

    public string Address { get; }

    public int Port { get; }

    public void Dispose()
    {
        _ = SourceRemove(_listening);
        _ = ClientFilter(_server, &Remove, 0);
        LoopQuit(_loop);
        _thread.Join();
    }

    private const int FilterRemove = 0;

    [UnmanagedCallersOnly]
    private static int Remove(nint server, nint client, nint data) => FilterRemove;

    [LibraryImport(Library, EntryPoint = "gst_rtsp_server_client_filter")]
    private static partial nint ClientFilter(nint server, delegate* unmanaged<nint, nint, nint, int> filter, nint data);

    [LibraryImport(GStreamerNative.GLib, EntryPoint = "g_source_remove")]
    private static partial int SourceRemove(uint id);

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
