using System.Diagnostics;
using System.Text.Json;
using Yolact.Edge.Tests.Hosting;

namespace Yolact.Edge.Tests.Remote;

/// <summary>An appliance and the remote commands, each as a process of its own, as a person uses them.</summary>
public sealed class RemoteTests : IDisposable
{
    private readonly TinyModel _model = new();
    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("yolact-remote-");

    public void Dispose()
    {
        _model.Dispose();
        _folder.Delete(recursive: true);
    }

    [Fact]
    public async Task A_person_steers_a_device()
    {
        CancellationToken cancellation = TestContext.Current.CancellationToken;
        using ApplianceProcess appliance = ApplianceProcess.Run([.. _model.Settings, "device=bench", "cameras/0/trigger/mode=software"]);
        (string host, int port) = await appliance.BrokerAsync(cancellation);
        string[] device = ["--broker", $"{host}:{port}", "--device", "bench", "--timeout", "60"];
        await using Subscriber subscriber = await Subscriber.ToAsync(appliance, "bench", cancellation);

        // The camera starts when the network is loaded; until then the answer is 503.
        JsonElement captured = await UntilDoneAsync([.. device, "--json", "capture"], cancellation);
        long edge = captured.GetProperty("result").GetProperty("edge_id").GetInt64();
        await subscriber.UntilAsync(
            heard => heard.Detections.Any(message => message.GetProperty("trigger").GetProperty("edge_id").GetInt64() == edge), cancellation);

        string file = Path.Combine(_folder.FullName, "now.jpg");
        (int code, string output) = await RemoteAsync([.. device, "snapshot", "--max-width", "320", "-o", file], cancellation);
        Assert.True(code == 0, output);
        Assert.Equal([0xFF, 0xD8], File.ReadAllBytes(file)[..2]);

        (code, output) = await RemoteAsync([.. device, "--json", "diagnostics"], cancellation);
        Assert.True(code == 0, output);
        JsonElement report = JsonDocument.Parse(output).RootElement.GetProperty("result");
        Assert.True(report.GetProperty("frames").GetProperty("edges").GetInt64() >= 1);

        (code, output) = await RemoteAsync([.. device, "--json", "reload-model"], cancellation);
        Assert.True(code == 0, output);
        JsonElement model = JsonDocument.Parse(output).RootElement.GetProperty("result");
        Assert.Equal(model.GetProperty("previous_sha256").GetString(), model.GetProperty("sha256").GetString());

        (code, output) = await RemoteAsync([.. device, "set-log-level", "debug", "--for", "1"], cancellation);
        Assert.True(code == 0, output);
        (code, _) = await RemoteAsync([.. device, "set-log-level", "debug", "--for", "0"], cancellation);
        Assert.Equal(2, code);
        (code, output) = await RemoteAsync([.. device, "status"], cancellation);
        Assert.Contains("bench: ", output, StringComparison.Ordinal);

        (code, output) = await RemoteAsync([.. device, "restart"], cancellation);
        Assert.True(code == 1 && output.Contains("force", StringComparison.Ordinal), output);
        JsonElement restarted = await UntilDoneAsync([.. device, "--json", "restart", "--force"], cancellation);
        Assert.Equal(202, restarted.GetProperty("code").GetInt32());
        Assert.Equal(Edge.Commands.ExitCode.Restart, await appliance.ExitAsync(cancellation));
    }

    [Theory]
    [InlineData(2, "--broker", "a/b", "status")]
    [InlineData(2, "--device", "a b", "status")]
    [InlineData(2, "--timeout", "0", "status")]
    [InlineData(2, "--ca", "/nowhere.pem", "status")]
    [InlineData(2, "config", "set", "/nowhere.json")]
    [InlineData(1, "--broker", "127.0.0.1:1", "capture")]
    public async Task What_cannot_be_done_is_said_in_words(int code, params string[] arguments)
    {
        (int exit, string output) = await RemoteAsync(arguments, TestContext.Current.CancellationToken);
        Assert.True(exit == code, output);
        Assert.StartsWith("error:", output, StringComparison.Ordinal);
        Assert.DoesNotContain("   at ", output, StringComparison.Ordinal);
    }

    private static async Task<JsonElement> UntilDoneAsync(string[] arguments, CancellationToken cancellation)
    {
        for (var patience = Stopwatch.StartNew(); ;)
        {
            (int code, string output) = await RemoteAsync(arguments, cancellation);
            if (code == 0)
                return JsonDocument.Parse(output).RootElement;
            Assert.True(patience.Elapsed < ApplianceProcess.Patience, output);
            await Task.Delay(500, cancellation);
        }
    }

    private static async Task<(int Code, string Output)> RemoteAsync(string[] arguments, CancellationToken cancellation)
    {
        using ApplianceProcess remote = ApplianceProcess.Start(new Dictionary<string, string>(), ["remote", .. arguments]);
        int code = await remote.ExitAsync(cancellation);
        return (code, remote.Output);
    }
}
