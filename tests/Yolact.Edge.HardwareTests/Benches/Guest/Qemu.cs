using System.Diagnostics;
using System.Globalization;
using System.Net;
using System.Net.Sockets;
using System.Text;

namespace Yolact.Edge.HardwareTests.Benches.Guest;

/// <summary>The emulated machine: one process of QEMU at a time, on one disk.</summary>
/// <param name="folder">What rig/guest.sh made.</param>
/// <param name="disk">The disk, a qcow2 image.</param>
public sealed class Qemu(string folder, string disk) : IAsyncDisposable
{
    // A loaded machine takes minutes for what a quiet one does in one.
    private static readonly TimeSpan BootTimeout = TimeSpan.FromMinutes(10);

    private Process? _process;

    /// <summary>A root shell; usable between a start and a kill.</summary>
    public Shell Shell { get; } = new("127.0.0.1", FreePort(), "root", Path.Combine(folder, "key"));

    /// <summary>The file that the serial console is written to.</summary>
    public string Console => disk + ".console";

    /// <summary>What its battery-backed clock says at the next boot; null: the time.</summary>
    public DateTime? Clock { get; set; }

    private string Monitor => disk + ".monitor";

    /// <summary>Starts the machine and waits until it can be logged in to.</summary>
    /// <param name="snapshot">Goes on from this snapshot; null boots.</param>
    public async Task StartAsync(string? snapshot = null)
    {
        var start = new ProcessStartInfo(Path.Combine(AppContext.BaseDirectory, "rig", "qemu.sh")) { RedirectStandardInput = true, RedirectStandardError = true };
        string[] begin = snapshot is null ? [] : ["-loadvm", snapshot];
        string[] clock = Clock is { } time ? ["-rtc", string.Create(CultureInfo.InvariantCulture, $"base={time:yyyy-MM-ddTHH:mm:ss}")] : [];
        foreach (string argument in (string[])[folder, disk, $"{Shell.Port}", $"{FreePort()}", "-pidfile", disk + ".pid", .. begin, .. clock])
            start.ArgumentList.Add(argument);
        _process = Process.Start(start)!;
        Task<string> error = _process.StandardError.ReadToEndAsync();
        try
        {
            await Shell.ConnectAsync(BootTimeout, () => !_process.HasExited);
        }
        catch (TimeoutException) when (_process.HasExited)
        {
            throw new InvalidOperationException($"QEMU ended: {await error}");
        }
    }

    /// <summary>Takes the power away.</summary>
    public async Task KillAsync()
    {
        if (_process is { } process)
        {
            _process = null;
            process.Kill();
            await process.WaitForExitAsync();
            process.Dispose();
        }
        File.Delete(disk + ".pid");
        await Shell.DisconnectAsync();
    }

    /// <summary>Keeps memory and disk under a name.</summary>
    public async Task SaveAsync(string snapshot)
    {
        string answer = await AskAsync($"savevm {snapshot}");
        if (answer.Contains("Error", StringComparison.Ordinal))
            throw new InvalidOperationException($"savevm: {answer}");
    }

    /// <inheritdoc/>
    public async ValueTask DisposeAsync() => await KillAsync();

    private async Task<string> AskAsync(string command)
    {
        using var socket = new Socket(AddressFamily.Unix, SocketType.Stream, ProtocolType.Unspecified);
        await socket.ConnectAsync(new UnixDomainSocketEndPoint(Monitor));
        await ReadPromptAsync(socket);
        await socket.SendAsync(Encoding.UTF8.GetBytes(command + "\n"));
        return await ReadPromptAsync(socket);
    }

    private static async Task<string> ReadPromptAsync(Socket socket)
    {
        using var limit = new CancellationTokenSource(TimeSpan.FromMinutes(5));
        var text = new StringBuilder();
        byte[] buffer = new byte[4096];
        while (!text.ToString().EndsWith("(qemu) ", StringComparison.Ordinal))
        {
            int read = await socket.ReceiveAsync(buffer, limit.Token);
            if (read == 0)
                throw new IOException($"QEMU's monitor was closed after: {text}");
            text.Append(Encoding.UTF8.GetString(buffer, 0, read));
        }
        return text.ToString();
    }

    private static int FreePort()
    {
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        return ((IPEndPoint)listener.LocalEndpoint).Port;
    }
}
