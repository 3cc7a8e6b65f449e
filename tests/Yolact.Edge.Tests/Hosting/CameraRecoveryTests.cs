using System.Text.Json;
using Yolact.Edge.Capture.Tests.GStreamer;

namespace Yolact.Edge.Tests.Hosting;

/// <summary>
/// The whole appliance, whose camera freezes, breaks or loses power under it while parts go on crossing the light barrier: it is recovered and
/// announced, and every edge is answered by one message or reported by one event, none twice.
/// </summary>
public sealed class CameraRecoveryTests(TinyModel model) : IClassFixture<TinyModel>
{
    private const int Terminate = 15, Stalls = 2;

    private const string Sink = "identity name=taken silent=true ! appsink name=picture max-buffers=1 drop=true sync=false";

    [Theory]
    [InlineData("frozen", "concat name=c ! " + Sink + " videotestsrc is-live=true num-buffers=60 ! video/x-raw,format=RGB,width=128,height=96,framerate=30/1 ! c. appsrc ! c.")]
    [InlineData("broken", "videotestsrc is-live=true ! video/x-raw,format=RGB,width=128,height=96,framerate=30/1 ! identity error-after=60 ! " + Sink)]
    public async Task A_source_that_freezes_or_breaks_is_recovered_and_announced(string device, string pipeline)
    {
        Native.Need("videotestsrc", "appsink", "concat", "appsrc", "identity");
        CancellationToken cancellation = TestContext.Current.CancellationToken;
        using ApplianceProcess appliance = ApplianceProcess.Run([.. Settings(device), "cameras/0/kind=custom", $"cameras/0/pipeline={pipeline}"]);
        await using Subscriber subscriber = await Subscriber.ToAsync(appliance, device, cancellation);
        await subscriber.UntilAsync(all => Count(all, "camera_recovered") >= Stalls, cancellation);
        await StopAndCheckAsync(appliance, subscriber, cancellation);
    }

    [Fact]
    public async Task A_network_camera_that_loses_power_is_waited_for_and_found_again()
    {
        Native.Need("videotestsrc", "jpegenc", "jpegdec", "rtpjpegpay", "rtpjpegdepay", "rtspsrc");
        const string Stream = "( videotestsrc is-live=true ! video/x-raw,format=I420,width=128,height=96,framerate=30/1 ! jpegenc ! rtpjpegpay name=pay0 )";
        CancellationToken cancellation = TestContext.Current.CancellationToken;
        var server = new RtspServer(Stream);
        try
        {
            using ApplianceProcess appliance = ApplianceProcess.Run([.. Settings("rtsp"), "cameras/0/kind=rtsp", $"cameras/0/source={server.Address}"]);
            await using Subscriber subscriber = await Subscriber.ToAsync(appliance, "rtsp", cancellation);
            for (int i = 1; i <= Stalls; i++)
            {
                int before = subscriber.Detections.Count;
                await subscriber.UntilAsync(all => all.Detections.Count > before + 3, cancellation);
                int port = server.Port;
                server.Dispose();
                await subscriber.UntilAsync(all => Count(all, "camera_stalled") >= i, cancellation);
                server = new RtspServer(Stream, port);
                await subscriber.UntilAsync(all => Count(all, "camera_recovered") >= i, cancellation);
            }
            await StopAndCheckAsync(appliance, subscriber, cancellation);
        }
        finally
        {
            server.Dispose();
        }
    }

    private string[] Settings(string device) =>
    [
        .. model.Settings,
        $"device={device}",
        "cameras/0/trigger/mode=edge",
        "cameras/0/trigger/line=barrier",
        "cameras/0/recovery/stall_ms=1500",
        "cameras/0/recovery/retry_ms=200",
        "cameras/0/recovery/rebuilds=100",
        "cameras/0/recovery/calm_ms=0",
        "belt/speed=1500",
        "belt/spacing=300",
    ];

    private static async Task StopAndCheckAsync(ApplianceProcess appliance, Subscriber subscriber, CancellationToken cancellation)
    {
        // Frames flow again, and the device says so.
        int before = subscriber.Detections.Count;
        await subscriber.UntilAsync(all => all.Detections.Count > before + 3 && all.States[^1] == "ready", cancellation);
        appliance.Signal(Terminate);
        Assert.Equal(0, await appliance.ExitAsync(cancellation));
        await subscriber.UntilAsync(all => all.States[^1] == "disconnected", cancellation);

        (IReadOnlyList<long> answered, IReadOnlyList<long> reported) = subscriber.Edges();
        Assert.Equal(Enumerable.Range(1, answered.Count + reported.Count).Select(id => (long)id), answered.Concat(reported).Order());
        long[] frames = [.. subscriber.Detections.Select(message => message.GetProperty("frame").GetProperty("sequence").GetInt64())];
        Assert.Equal(frames.Distinct().Order(), frames);
        string[] ids = [.. subscriber.Detections.Concat(subscriber.Events).Select(message => message.GetProperty("id").GetString()!)];
        Assert.Equal(ids.Distinct().Count(), ids.Length);
        // Each stall comes before its recovery; the state was degraded while it lasted, and is ready after it (seen above).
        string[] announced = [.. subscriber.Events.Select(Name).Where(name => name.StartsWith("camera_", StringComparison.Ordinal))];
        Assert.Equal("camera_stalled", announced[0]);
        Assert.Equal("camera_recovered", announced[^1]);
        Assert.Contains("degraded", subscriber.States);
    }

    private static int Count(Subscriber subscriber, string name) => subscriber.Events.Count(message => Name(message) == name);

    private static string Name(JsonElement message) => message.GetProperty("event").GetString()!;
}
