using System.Diagnostics;

namespace Yolact.Edge.HardwareTests.Benches;

/// <summary>Commands on the device over ssh, all over one connection.</summary>
/// <param name="host">Name or address.</param>
/// <param name="port">TCP port.</param>
/// <param name="user">The user, who must be root for most scenarios.</param>
/// <param name="key">File of the private key; null for the user's own.</param>
public sealed class Shell(string host, int port, string user, string? key) : IAsyncDisposable
{
    private static readonly TimeSpan CommandTimeout = TimeSpan.FromMinutes(5);

    // Short: a socket's path has little room.
    private readonly string _socket = Path.Combine(Path.GetTempPath(), $"hil-{Environment.ProcessId}-{port}");
    private Process? _master;

    /// <summary>TCP port.</summary>
    public int Port => port;

    /// <summary>Waits until the device takes commands.</summary>
    /// <param name="timeout">How long.</param>
    /// <param name="isThere">False where waiting is in vain; null where nobody knows.</param>
    /// <exception cref="TimeoutException">It does not.</exception>
    public async Task ConnectAsync(TimeSpan timeout, Func<bool>? isThere = null)
    {
        var watch = Stopwatch.StartNew();
        while (true)
        {
            await DisconnectAsync();
            _master = Process.Start(Ssh(["-M", "-N", "-o", "ConnectTimeout=20"]))!;
            for (int i = 0; i < 200 && !_master.HasExited && !File.Exists(_socket) && isThere?.Invoke() != false; i++)
                await Task.Delay(100);
            if (File.Exists(_socket) && !_master.HasExited)
                return;
            if (watch.Elapsed > timeout || isThere?.Invoke() == false)
                throw new TimeoutException($"{user}@{host}:{port} took no commands within {watch.Elapsed.TotalSeconds:F0} s.");
            await Task.Delay(500);
        }
    }

    /// <summary>Forgets the connection, whose other end may be gone.</summary>
    public async Task DisconnectAsync()
    {
        if (_master is { } master)
        {
            _master = null;
            master.Kill();
            await master.WaitForExitAsync();
            master.Dispose();
        }
        File.Delete(_socket);
    }

    /// <summary>Runs a command line.</summary>
    /// <returns>What it wrote, without the last line feed.</returns>
    /// <exception cref="InvalidOperationException">It failed.</exception>
    public async Task<string> RunAsync(string command, string? input = null, TimeSpan? timeout = null)
    {
        ShellResult result = await TryAsync(command, input, timeout);
        return result.Code == 0
            ? result.Output
            : throw new InvalidOperationException($"\"{command}\" failed with {result.Code}: {result.Error}{result.Output}");
    }

    /// <summary>Runs a command line that may fail.</summary>
    public Task<ShellResult> TryAsync(string command, string? input = null, TimeSpan? timeout = null) =>
        ExecuteAsync(command, async stream =>
        {
            await using var writer = new StreamWriter(stream);
            await writer.WriteAsync(input);
        }, timeout);

    /// <summary>Copies a file to the device.</summary>
    public async Task CopyAsync(string file, string target)
    {
        ShellResult result = await ExecuteAsync($"cat > {target}", async stream =>
        {
            await using FileStream source = File.OpenRead(file);
            await source.CopyToAsync(stream);
            stream.Close();
        });
        if (result.Code != 0)
            throw new InvalidOperationException($"{file} could not be copied to {target}: {result.Error}");
    }

    /// <summary>Starts a command line that goes on.</summary>
    public RemoteProcess Start(string command) => new(Process.Start(Ssh([command]))!);

    /// <inheritdoc/>
    public async ValueTask DisposeAsync() => await DisconnectAsync();

    private async Task<ShellResult> ExecuteAsync(string command, Func<Stream, Task> write, TimeSpan? timeout = null)
    {
        using Process process = Process.Start(Ssh([command]))!;
        Task<string> output = process.StandardOutput.ReadToEndAsync(), error = process.StandardError.ReadToEndAsync();
        try
        {
            await write(process.StandardInput.BaseStream);
        }
        catch (IOException)
        {
            // It ended without reading all: its exit code tells.
        }
        using var limit = new CancellationTokenSource(timeout ?? CommandTimeout);
        try
        {
            await process.WaitForExitAsync(limit.Token);
        }
        catch (OperationCanceledException)
        {
            process.Kill();
            throw new TimeoutException($"\"{command}\" did not end within {(timeout ?? CommandTimeout).TotalSeconds:F0} s.");
        }
        return new(process.ExitCode, (await output).TrimEnd('\n'), await error);
    }

    private ProcessStartInfo Ssh(string[] arguments)
    {
        var start = new ProcessStartInfo("ssh") { RedirectStandardInput = true, RedirectStandardOutput = true, RedirectStandardError = true };
        string[] options =
        [
            "-S", _socket, "-p", $"{port}", "-l", user, "-o", "BatchMode=yes", "-o", "StrictHostKeyChecking=no", "-o", "UserKnownHostsFile=/dev/null",
            "-o", "LogLevel=ERROR", .. key is null ? [] : new[] { "-i", key, "-o", "IdentitiesOnly=yes" }, host,
        ];
        // Options come before the host, commands after it.
        bool command = arguments.Length == 1;
        foreach (string argument in command ? [.. options, .. arguments] : (string[])[.. arguments, .. options])
            start.ArgumentList.Add(argument);
        return start;
    }
}

/// <summary>What a command did.</summary>
/// <param name="Code">Its exit code; 255 where ssh failed.</param>
/// <param name="Output">What it wrote, without the last line feed.</param>
/// <param name="Error">What it wrote to standard error.</param>
public sealed record ShellResult(int Code, string Output, string Error);
