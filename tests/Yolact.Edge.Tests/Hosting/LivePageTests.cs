using System.Diagnostics;
using System.Net;
using System.Text.RegularExpressions;

namespace Yolact.Edge.Tests.Hosting;

/// <summary>The live page and the health checks of the running program, asked over HTTP and looked at in a browser.</summary>
public sealed partial class LivePageTests(TinyModel model) : IClassFixture<TinyModel>, IDisposable
{
    private const string Browser = "/usr/bin/chromium";

    private readonly HttpClient _client = new() { Timeout = ApplianceProcess.Patience };

    public void Dispose() => _client.Dispose();

    [Fact]
    public async Task A_browser_shows_state_objects_and_the_picture()
    {
        if (!File.Exists(Browser))
            Assert.Skip($"there is no {Browser}; install the package chromium");
        CancellationToken cancellation = TestContext.Current.CancellationToken;
        using ApplianceProcess appliance = ApplianceProcess.Run([.. model.Settings, "device=page"]);
        Uri page = await appliance.PageAsync(cancellation);
        await ReadyAsync(page, cancellation);
        DirectoryInfo profile = Directory.CreateTempSubdirectory("yolact-browser-");
        try
        {
            string text = "";
            using var patience = CancellationTokenSource.CreateLinkedTokenSource(cancellation);
            patience.CancelAfter(ApplianceProcess.Patience);
            // A browser that is slow to start shows the page as it was before its script had looked.
            while (!text.Contains("<p id=\"state\" data-state=\"ready\">ready</p>", StringComparison.Ordinal)
                || !text.Contains("<figcaption id=\"none\" hidden=\"\">", StringComparison.Ordinal) || !ObjectRow().IsMatch(text))
                text = await LookAsync(page, profile.FullName, patience.Token);
            Assert.Contains("<td>network</td>", text, StringComparison.Ordinal);
        }
        finally
        {
            profile.Delete(recursive: true);
        }
    }

    [Fact]
    public async Task Health_readiness_and_figures_are_there_for_this_machine_alone()
    {
        CancellationToken cancellation = TestContext.Current.CancellationToken;
        using ApplianceProcess appliance = ApplianceProcess.Run([.. model.Settings, "device=checks"]);
        Uri page = await appliance.PageAsync(cancellation);
        Assert.True(IPAddress.IsLoopback(IPAddress.Parse(page.Host)));
        await ReadyAsync(page, cancellation);
        Assert.Equal("alive\n", await _client.GetStringAsync(new Uri(page, "healthz"), cancellation));
        string figures = await _client.GetStringAsync(new Uri(page, "metrics"), cancellation);
        Assert.Matches(@"(?m)^yolact_frames_inferred_total(\{[^}]*\})? [1-9]", figures);
        Assert.Contains("yolact_stage_duration_milliseconds_bucket", figures, StringComparison.Ordinal);

        using HttpResponseMessage own = await _client.GetAsync(page, cancellation);
        Assert.Equal("same-origin", Assert.Single(own.Headers.GetValues("Cross-Origin-Resource-Policy")));
        // A site whose name was made to lead here asks with its own name.
        using var foreign = new HttpRequestMessage(HttpMethod.Get, new Uri(page, "api/seen")) { Headers = { Host = "evil.example" } };
        using HttpResponseMessage refused = await _client.SendAsync(foreign, cancellation);
        Assert.Equal(HttpStatusCode.MisdirectedRequest, refused.StatusCode);
    }

    [Fact]
    public async Task Not_ready_is_said_with_the_reason_while_a_camera_is_waited_for()
    {
        Capture.Tests.GStreamer.Native.Need("appsink");
        CancellationToken cancellation = TestContext.Current.CancellationToken;
        using ApplianceProcess appliance = ApplianceProcess.Run([.. model.Settings, "device=waits", "cameras/0/kind=usb", "cameras/0/source=/dev/video-of-tomorrow"]);
        Uri ready = new(await appliance.PageAsync(cancellation), "readyz");
        string text = "";
        while (!text.Contains("/dev/video-of-tomorrow", StringComparison.Ordinal))
        {
            using HttpResponseMessage answer = await _client.GetAsync(ready, cancellation);
            Assert.Equal(HttpStatusCode.ServiceUnavailable, answer.StatusCode);
            text = await answer.Content.ReadAsStringAsync(cancellation);
            await Task.Delay(50, cancellation);
        }
    }

    private async Task ReadyAsync(Uri page, CancellationToken cancellation)
    {
        using var patience = CancellationTokenSource.CreateLinkedTokenSource(cancellation);
        patience.CancelAfter(ApplianceProcess.Patience);
        while (true)
        {
            using HttpResponseMessage answer = await _client.GetAsync(new Uri(page, "readyz"), patience.Token);
            if (answer.IsSuccessStatusCode)
                return;
            await Task.Delay(50, patience.Token);
        }
    }

    private static async Task<string> LookAsync(Uri page, string profile, CancellationToken cancellation)
    {
        var start = new ProcessStartInfo(Browser, ["--headless=new", "--no-sandbox", "--disable-gpu", $"--user-data-dir={profile}", "--timeout=10000", "--dump-dom", page.ToString()])
        {
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };
        using Process browser = Process.Start(start)!;
        _ = browser.StandardError.ReadToEndAsync(cancellation);
        try
        {
            string text = await browser.StandardOutput.ReadToEndAsync(cancellation);
            await browser.WaitForExitAsync(cancellation);
            return text;
        }
        finally
        {
            if (!browser.HasExited)
                browser.Kill(entireProcessTree: true);
        }
    }

    [GeneratedRegex(@"<tbody id=""objects""><tr><td>\w+</td><td>[0-9.]+</td></tr>")]
    private static partial Regex ObjectRow();
}
