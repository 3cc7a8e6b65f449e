using System.Collections.Concurrent;
using System.Net.Sockets;
using System.Text;
using Yolact.Edge.Capture.Tests.GStreamer;

namespace Yolact.Edge.Tests.Hosting;

/// <summary>What the program tells systemd: heard on a socket of the same kind as systemd's.</summary>
public sealed class SupervisorTests : IClassFixture<TinyModel>, IDisposable
{
    private const int Terminate = 15;

    /// <summary>Frames flow for about two seconds, then never again.</summary>
    private const string Freezing = "concat name=c ! identity name=taken silent=true ! appsink name=picture max-buffers=1 drop=true sync=false "
        + "videotestsrc is-live=true num-buffers=60 ! video/x-raw,format=RGB,width=128,height=96,framerate=30/1 ! c. appsrc ! c.";

    private readonly TinyModel _model;
    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("yolact-notify-");
    private readonly BlockingCollection<string> _heard = [];
    private readonly Socket _socket = new(AddressFamily.Unix, SocketType.Dgram, ProtocolType.Unspecified);

    public SupervisorTests(TinyModel model)
    {
        _model = model;
        _socket.Bind(new UnixDomainSocketEndPoint(Path.Combine(_folder.FullName, "notify")));
        // As systemd does: who does not listen holds up whoever talks.
        new Thread(Listen) { IsBackground = true }.Start();
    }

    public void Dispose()
    {
        _socket.Dispose();
        _heard.Dispose();
        _folder.Delete(recursive: true);
    }

    [Fact]
    public async Task Ready_is_said_once_when_the_network_is_loaded_and_stopping_at_the_end()
    {
        using ApplianceProcess appliance = Start("device=ready");
        List<string> heard = ListenUntil(line => line == "READY=1");
        Assert.Contains(heard, line => line.StartsWith("EXTEND_TIMEOUT_USEC=", StringComparison.Ordinal));
        ListenUntil(line => line.StartsWith("STATUS=ready; camera Running", StringComparison.Ordinal));
        ListenUntil(line => line == "WATCHDOG=1");
        appliance.Signal(Terminate);
        heard = ListenUntil(line => line == "STOPPING=1");
        Assert.DoesNotContain("READY=1", heard);
        Assert.Equal(0, await appliance.ExitAsync(TestContext.Current.CancellationToken));
    }

    [Fact]
    public async Task A_camera_that_is_waited_for_is_no_reason_to_fail_the_start()
    {
        Native.Need("appsink");
        using ApplianceProcess appliance = Start("device=absent", "cameras/0/kind=usb", "cameras/0/source=/dev/video-of-tomorrow", "cameras/0/recovery/retry_ms=200");
        ListenUntil(line => line == "READY=1");
        ListenUntil(line => line.StartsWith("STATUS=preparing (Camera cam0 is waited for: ", StringComparison.Ordinal));
        appliance.Signal(Terminate);
        Assert.Equal(0, await appliance.ExitAsync(TestContext.Current.CancellationToken));
    }

    [Fact]
    public async Task A_network_that_cannot_be_used_is_never_ready()
    {
        using ApplianceProcess appliance = Start("model/path=nowhere.onnx");
        Assert.Equal(2, await appliance.ExitAsync(TestContext.Current.CancellationToken));
        Assert.DoesNotContain("READY=1", _heard);
    }

    [Fact]
    public void When_frames_cease_so_do_the_watchdogs_pings()
    {
        Native.Need("videotestsrc", "appsink", "concat", "appsrc");
        // Nobody but the watchdog minds: the camera counts as running for ten minutes yet.
        using ApplianceProcess appliance = Start("device=frozen", "cameras/0/kind=custom", $"cameras/0/pipeline={Freezing}", "cameras/0/recovery/stall_ms=600000");
        ListenUntil(line => line.StartsWith("STATUS=ready", StringComparison.Ordinal));
        ListenUntil(line => line == "WATCHDOG=1");
        // Frames end; the texts go on. Ten in a row without a ping are more than three periods of the watchdog.
        int texts = 0;
        ListenUntil(line =>
        {
            texts = line == "WATCHDOG=1" ? 0 : texts + 1;
            return texts == 10;
        });
    }

    [Fact]
    public async Task A_camera_that_cannot_be_brought_back_is_handed_over()
    {
        Native.Need("videotestsrc", "appsink");
        using ApplianceProcess appliance = Start("device=broken", "cameras/0/kind=custom", "cameras/0/recovery/rebuilds=1", "cameras/0/recovery/retry_ms=100",
            "cameras/0/pipeline=videotestsrc ! identity error-after=5 ! video/x-raw,format=RGB,width=128,height=96 ! appsink name=picture sync=false");
        Assert.Equal(1, await appliance.ExitAsync(TestContext.Current.CancellationToken));
        Assert.Contains("cannot be brought back", appliance.Output, StringComparison.Ordinal);
    }

    private ApplianceProcess Start(params string[] settings) => ApplianceProcess.Start(
        new Dictionary<string, string> { ["NOTIFY_SOCKET"] = ((UnixDomainSocketEndPoint)_socket.LocalEndPoint!).ToString(), ["WATCHDOG_USEC"] = "3000000" },
        [.. ((string[])[.. _model.Settings, .. ApplianceProcess.Ports(), .. settings]).SelectMany(setting => (string[])["--set", setting])]);

    private List<string> ListenUntil(Func<string, bool> enough)
    {
        List<string> heard = [];
        while (_heard.TryTake(out string? line, (int)ApplianceProcess.Patience.TotalMilliseconds, TestContext.Current.CancellationToken))
        {
            heard.Add(line);
            if (enough(line))
                return heard;
        }
        throw new TimeoutException($"Not heard in time. What was: {string.Join(" | ", heard.TakeLast(20))}");
    }

    private void Listen()
    {
        var buffer = new byte[4096];
        try
        {
            while (true)
            {
                foreach (string line in Encoding.UTF8.GetString(buffer, 0, _socket.Receive(buffer)).Split('\n', StringSplitOptions.RemoveEmptyEntries))
                    _heard.Add(line);
            }
        }
        catch (Exception error) when (error is SocketException or ObjectDisposedException or InvalidOperationException)
        {
            // The test is over.
        }
    }
}
