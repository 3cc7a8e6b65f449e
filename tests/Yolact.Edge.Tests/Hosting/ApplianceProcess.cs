using System.Collections.Concurrent;
using System.Diagnostics;
using System.Globalization;
using System.Runtime.InteropServices;

namespace Yolact.Edge.Tests.Hosting;

/// <summary>The program as a process of its own, as a person or systemd starts it; killed when the test is over, however it ends.</summary>
public sealed partial class ApplianceProcess : IDisposable
{
    /// <summary>Much longer than anything takes: the machine may be busy with other things.</summary>
    public static readonly TimeSpan Patience = TimeSpan.FromMinutes(3);

    // What one run of the tests leaves behind must not be sent by the next.
    private static readonly Lazy<string> State = new(() =>
    {
        DirectoryInfo folder = Directory.CreateTempSubdirectory("yolact-state-");
        AppDomain.CurrentDomain.ProcessExit += (_, _) => folder.Delete(recursive: true);
        return folder.FullName;
    });

    private static int _started;

    private readonly Process _process;
    private readonly ConcurrentQueue<string> _lines = [];
    private readonly TaskCompletionSource<(string Host, int Port)> _broker = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly TaskCompletionSource<Uri> _page = new(TaskCreationOptions.RunContinuationsAsynchronously);

    private ApplianceProcess(Process process)
    {
        _process = process;
        process.OutputDataReceived += (_, line) => OnLine(line.Data);
        process.ErrorDataReceived += (_, line) => OnLine(line.Data);
        process.BeginOutputReadLine();
        process.BeginErrorReadLine();
    }

    /// <summary>What it printed, and the log.</summary>
    public string Output => string.Join('\n', _lines);

    /// <summary>Its exit code, once it has ended.</summary>
    public int ExitCode => _process.ExitCode;

    /// <summary>Its id.</summary>
    public int Id => _process.Id;

    /// <summary>Starts the appliance.</summary>
    /// <param name="settings">As after <c>--set</c>; on top of ports that others rarely use.</param>
    public static ApplianceProcess Run(params IEnumerable<string> settings) =>
        Start(new Dictionary<string, string>(), [.. ((string[])[.. Ports(), .. settings]).SelectMany(setting => (string[])["--set", setting])]);

    /// <summary>Settings of ports that no other program of these tests asks for at the same time, and no outgoing connection has (those begin at 32768).</summary>
    public static string[] Ports()
    {
        int number = (int)((uint)((Environment.ProcessId * 97) + (Interlocked.Increment(ref _started) * 8)) % 10_000);
        return [$"mqtt/port={20_000 + number}", $"web/port={10_000 + number}"];
    }

    /// <summary>Starts the program.</summary>
    /// <param name="environment">Variables to add.</param>
    /// <param name="arguments">Its arguments.</param>
    public static ApplianceProcess Start(IReadOnlyDictionary<string, string> environment, params IEnumerable<string> arguments) =>
        StartProgram(Path.Combine(AppContext.BaseDirectory, "yolact-edge"), environment, arguments);

    /// <summary>Starts another program.</summary>
    /// <param name="program">Its file.</param>
    /// <param name="environment">Variables to add.</param>
    /// <param name="arguments">Its arguments.</param>
    public static ApplianceProcess StartProgram(string program, IReadOnlyDictionary<string, string> environment, params IEnumerable<string> arguments)
    {
        var start = new ProcessStartInfo(program, arguments)
        {
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };
        start.Environment["XDG_STATE_HOME"] = State.Value;
        foreach ((string name, string value) in environment)
            start.Environment[name] = value;
        return new ApplianceProcess(Process.Start(start)!);
    }

    /// <summary>Where its embedded broker listens, once it says so.</summary>
    public Task<(string Host, int Port)> BrokerAsync(CancellationToken cancellation) => _broker.Task.WaitAsync(Patience, cancellation);

    /// <summary>Where its live page is, once it says so.</summary>
    public Task<Uri> PageAsync(CancellationToken cancellation) => _page.Task.WaitAsync(Patience, cancellation);

    /// <summary>Asks it to end, as systemd and Ctrl-C do (15), or stops it dead (9).</summary>
    public void Signal(int signal) => Assert.Equal(0, Kill(_process.Id, signal));

    /// <summary>Waits for its end.</summary>
    /// <returns>The exit code.</returns>
    public async Task<int> ExitAsync(CancellationToken cancellation)
    {
        await _process.WaitForExitAsync(cancellation).WaitAsync(Patience, cancellation);
        return _process.ExitCode;
    }

    public void Dispose()
    {
        if (!_process.HasExited)
            _process.Kill();
        _process.WaitForExit();
        _process.Dispose();
    }

    private void OnLine(string? line)
    {
        if (line is null)
        {
            var ended = new InvalidOperationException($"The program ended: {Output}");
            _broker.TrySetException(ended);
            _page.TrySetException(ended);
            _ = (_broker.Task.Exception, _page.Task.Exception);
            return;
        }
        _lines.Enqueue(line);
        if (After(line, "embedded broker ") is { } broker)
            _broker.TrySetResult((broker.Split(',', ':')[0], int.Parse(broker.Split(',', ':')[1], CultureInfo.InvariantCulture)));
        if (After(line, "live page ") is { } page)
            _page.TrySetResult(new Uri(page.Trim()));
    }

    private static string? After(string line, string words) =>
        line.IndexOf(words, StringComparison.Ordinal) is >= 0 and int at ? line[(at + words.Length)..] : null;

    [LibraryImport("libc", EntryPoint = "kill", SetLastError = true)]
    private static partial int Kill(int process, int signal);
}
