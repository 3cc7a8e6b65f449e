using System.Diagnostics;
using System.Net;
using System.Net.Sockets;

namespace Yolact.Edge.Messaging.Tests.Brokers;

/// <summary>A mosquitto of our own on a free port of loopback, with its files in a temporary folder.</summary>
internal sealed class Mosquitto : IAsyncDisposable
{
    private const string Program = "/usr/sbin/mosquitto";

    private readonly string _config;
    private Process? _process;

    private Mosquitto(string folder, int port) => (Folder, Port, _config) = (folder, port, Path.Combine(folder, "mosquitto.conf"));

    public string Folder { get; }

    public int Port { get; }

    public IPEndPoint Endpoint => new(IPAddress.Loopback, Port);

    public static async Task<Mosquitto> StartAsync(Func<string, string>? extraLines = null)
    {
        Assert.SkipUnless(File.Exists(Program), "No mosquitto: install mosquitto.");
        var broker = new Mosquitto(Directory.CreateTempSubdirectory("mosquitto-").FullName, FreePort());
        string extra = extraLines?.Invoke(broker.Folder) ?? "allow_anonymous true";
        // Started by root it would drop to a user that cannot read the test's files.
        File.WriteAllText(broker._config, $"user {Environment.UserName}\nlistener {broker.Port} 127.0.0.1\n{extra}\n");
        await broker.StartAgainAsync();
        return broker;
    }

    public async Task StartAgainAsync()
    {
        _process = Process.Start(new ProcessStartInfo(Program, ["-c", _config]) { RedirectStandardError = true, RedirectStandardOutput = true })!;
        for (int attempt = 0; ; attempt++)
        {
            try
            {
                using var probe = new TcpClient();
                await probe.ConnectAsync(Endpoint);
                return;
            }
            catch (SocketException) when (attempt < 200 && !_process.HasExited)
            {
                await Task.Delay(25);
            }
        }
    }

    public async Task StopAsync()
    {
        if (_process is not { } process)
            return;
        _process = null;
        process.Kill();
        await process.WaitForExitAsync();
        process.Dispose();
    }

    /// <summary>Lets the broker end in order, so that it writes down what it keeps.</summary>
    public async Task TerminateAsync()
    {
        if (_process is not { } process)
            return;
        _process = null;
        using (Process kill = Process.Start("kill", ["-TERM", $"{process.Id}"]))
            await kill.WaitForExitAsync();
        await process.WaitForExitAsync();
        process.Dispose();
    }

    public async ValueTask DisposeAsync()
    {
        await StopAsync();
        Directory.Delete(Folder, recursive: true);
    }

    private static int FreePort()
    {
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        return ((IPEndPoint)listener.LocalEndpoint).Port;
    }
}
