using System.Diagnostics;
using System.Globalization;

namespace Yolact.Edge.HardwareTests.Benches.Jetson;

/// <summary>
/// A device on a bench, with the package installed and a line or a relay wired to its trigger. Its parts move by commands of its description:
/// set, get (prints 0 or 1), pulse (prints "before after" in ns for each edge, where it can), watch ("time line level" for each change),
/// power_off, power_on, and for each way in which a camera fails such as fail_disconnected and mend_disconnected. Not tried on a device yet.
/// </summary>
public sealed class JetsonBench : IBench
{
    private static readonly TimeSpan BootTimeout = TimeSpan.FromMinutes(5);

    private readonly JetsonOptions _options;
    private readonly string _configuration;
    private readonly Appliance _appliance;

    private JetsonBench(JetsonOptions options, string configuration)
    {
        (_options, _configuration) = (options, configuration);
        Shell = new Shell(options.Host, options.Port, options.User, options.Key);
        _appliance = new Appliance(Shell);
        Capabilities = Enum.GetValues<Capability>().Where(Can).ToHashSet();
    }

    /// <inheritdoc/>
    public string Name => "jetson";

    /// <inheritdoc/>
    public string Machine { get; private set; } = "unknown";

    /// <inheritdoc/>
    public Shell Shell { get; }

    /// <inheritdoc/>
    public IReadOnlySet<Capability> Capabilities { get; }

    /// <summary>Reads a description and reaches the device.</summary>
    /// <param name="file">The description.</param>
    public static async Task<JetsonBench> CreateAsync(string file)
    {
        JetsonOptions options = JetsonOptions.Read(file);
        var bench = new JetsonBench(options, Path.Combine(Path.GetDirectoryName(Path.GetFullPath(file))!, options.Configuration));
        await bench.Shell.ConnectAsync(BootTimeout);
        bench.Machine = await bench.Shell.RunAsync("tr -d '\\0' < /proc/device-tree/model 2>/dev/null || uname -srm");
        return bench;
    }

    /// <inheritdoc/>
    public async Task ReadyAsync()
    {
        await Shell.ConnectAsync(BootTimeout);
        await _appliance.DesireAsync(null);
        await _appliance.SystemctlAsync("stop");
        await Shell.RunAsync("rm -f /var/lib/yolact-edge/configuration-*.json");
        await Shell.CopyAsync(_configuration, Appliance.ConfigurationFile);
        await _appliance.SystemctlAsync("reset-failed");
        await _appliance.SystemctlAsync("start");
    }

    /// <inheritdoc/>
    public Task SetAsync(BenchLine input, bool level) => RunAsync("set", ("line", NameOf(input)), ("level", level ? "1" : "0"));

    /// <inheritdoc/>
    public async Task<bool> GetAsync(BenchLine line) => await RunAsync("get", ("line", NameOf(line))) == "1";

    /// <inheritdoc/>
    public async Task<IReadOnlyList<MadeEdge>> PulseAsync(BenchLine input, PulseTrain train)
    {
        ArgumentNullException.ThrowIfNull(train);
        if (Has("pulse"))
        {
            string output = await RunAsync("pulse", ("line", NameOf(input)), ("count", $"{train.Count}"), ("bounces", $"{train.Bounces}"),
                ("period_us", $"{(long)(train.PeriodMs * 1000)}"), ("width_us", $"{(long)(train.WidthMs * 1000)}"));
            return [.. output.Split('\n').Select(MadeEdge.Parse)];
        }
        for (int i = 0; i < train.Count; i++)
        {
            await SetAsync(input, true);
            await Task.Delay(TimeSpan.FromMilliseconds(train.WidthMs));
            await SetAsync(input, false);
            await Task.Delay(TimeSpan.FromMilliseconds(Math.Max(0, train.PeriodMs - train.WidthMs)));
        }
        return [];
    }

    /// <inheritdoc/>
    public async Task<LineWatch> WatchAsync(double seconds, params BenchLine[] lines)
    {
        BenchCommand command = _options.Commands!["watch"];
        if (command.OnBench)
            throw new NotSupportedException("watch has to run on the device: its times are those of the device's clock");
        string numbers = string.Join(' ', lines.Select(line => (int)line));
        var watch = new LineWatch(Shell.Start(Fill(command.Run, ("lines", numbers), ("seconds", seconds.ToString(CultureInfo.InvariantCulture)))), seconds);
        await watch.StartedAsync(lines.Length);
        return watch;
    }

    /// <inheritdoc/>
    public Task FailCameraAsync(CameraFault fault, bool fails) => RunAsync($"{(fails ? "fail" : "mend")}_{fault}".ToLowerInvariant());

    /// <inheritdoc/>
    public async Task CutPowerAsync(DateTime? clock = null)
    {
        if (clock is { } time)
            await Shell.RunAsync(string.Create(CultureInfo.InvariantCulture, $"hwclock --set --utc --date '{time:yyyy-MM-dd HH:mm:ss}'"));
        await RunAsync("power_off");
        await Shell.DisconnectAsync();
    }

    /// <inheritdoc/>
    public async Task PowerOnAsync()
    {
        await RunAsync("power_on");
        await Shell.ConnectAsync(BootTimeout);
    }

    /// <inheritdoc/>
    public Task KeepAsync(string folder) => Task.CompletedTask;

    /// <inheritdoc/>
    public ValueTask DisposeAsync() => Shell.DisposeAsync();

    private static string NameOf(BenchLine line) => line.ToString().ToLowerInvariant();

    private static string Fill(string command, params (string Name, string Value)[] values)
    {
        foreach ((string name, string value) in values)
            command = command.Replace($"{{{name}}}", value, StringComparison.Ordinal);
        return command;
    }

    private bool Has(string command) => _options.Commands?.ContainsKey(command) == true;

    private bool Can(Capability capability) => capability switch
    {
        Capability.DriveInputs => Has("set"),
        Capability.EdgeTimes => Has("pulse"),
        Capability.ReadLines => Has("get") && Has("watch"),
        Capability.PowerCut => Has("power_off") && Has("power_on"),
        Capability.CameraFaults => Enum.GetNames<CameraFault>().All(fault => Has($"fail_{fault}".ToLowerInvariant()) && Has($"mend_{fault}".ToLowerInvariant())),
        _ => _options.Allows?.Contains(capability) == true,
    };

    private async Task<string> RunAsync(string name, params (string Name, string Value)[] values)
    {
        BenchCommand command = _options.Commands![name];
        string line = Fill(command.Run, values);
        if (!command.OnBench)
            return await Shell.RunAsync(line);
        using Process process = Process.Start(new ProcessStartInfo("sh", ["-c", line]) { RedirectStandardOutput = true })!;
        string output = await process.StandardOutput.ReadToEndAsync();
        await process.WaitForExitAsync();
        return process.ExitCode == 0 ? output.TrimEnd('\n') : throw new InvalidOperationException($"\"{line}\" failed with {process.ExitCode}");
    }
}
