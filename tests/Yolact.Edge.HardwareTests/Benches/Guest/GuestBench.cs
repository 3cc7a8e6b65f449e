using System.Globalization;

namespace Yolact.Edge.HardwareTests.Benches.Guest;

/// <summary>
/// A virtual machine with a stock Debian kernel: gpio-sim for lines, vivid for a camera, mosquitto for a broker. Its time follows instructions, so
/// that what it measures repeats; these are no device's figures.
/// </summary>
public sealed class GuestBench : IBench
{
    /// <summary>
    /// Before all other processes, since a contact bounces in its own time; after the kernel's interrupt threads (50), which tell edges apart.
    /// </summary>
    internal const string MakeEdges = "chrt -f 40 rig-lines pulse";

    private readonly Qemu _machine;
    private readonly string _image;
    private readonly string _disk;

    private GuestBench(string guest, string image, string disk)
    {
        (_image, _disk) = (image, disk);
        _machine = new Qemu(guest, disk);
    }

    /// <inheritdoc/>
    public string Name => "guest";

    /// <inheritdoc/>
    public string Machine => "QEMU guest (x86-64, TCG with icount, 1 CPU, 2 GiB): guest time under emulation, regression figures";

    /// <inheritdoc/>
    public Shell Shell => _machine.Shell;

    /// <inheritdoc/>
    public IReadOnlySet<Capability> Capabilities { get; } = Enum.GetValues<Capability>().ToHashSet();

    /// <summary>Makes what is missing in the cache, and a bench of it.</summary>
    /// <param name="cache">The cache's folder.</param>
    /// <param name="guest">What rig/guest.sh made.</param>
    /// <param name="package">The .deb.</param>
    public static async Task<GuestBench> CreateAsync(string cache, string guest, string package)
    {
        string image = await ApplianceImage.MakeAsync(cache, guest, package);
        return new GuestBench(guest, image, Path.Combine(cache, "run.qcow2"));
    }

    /// <inheritdoc/>
    public async Task ReadyAsync()
    {
        await CutPowerAsync();
        // The image itself is never run: a killed machine leaves unused clusters behind.
        if (!File.Exists(_disk))
            File.Copy(_image, _disk);
        await _machine.StartAsync(ApplianceImage.Snapshot);
        if (Environment.GetEnvironmentVariable("HIL_PLANT") is { Length: > 0 } plant)
            await Shell.RunAsync(plant);
    }

    /// <inheritdoc/>
    public Task SetAsync(BenchLine input, bool level) => Shell.RunAsync($"rig-lines set {(int)input} {(level ? 1 : 0)}");

    /// <inheritdoc/>
    public async Task<bool> GetAsync(BenchLine line) => await Shell.RunAsync($"rig-lines get {(int)line}") == "1";

    /// <inheritdoc/>
    public async Task<IReadOnlyList<MadeEdge>> PulseAsync(BenchLine input, PulseTrain train)
    {
        ArgumentNullException.ThrowIfNull(train);
        string output = await Shell.RunAsync(string.Create(CultureInfo.InvariantCulture,
            $"{MakeEdges} {(int)input} {train.Count} {train.PeriodMs * 1000:F0} {train.WidthMs * 1000:F0} {train.Bounces}"));
        return [.. output.Split('\n').Select(MadeEdge.Parse)];
    }

    /// <inheritdoc/>
    public async Task<LineWatch> WatchAsync(double seconds, params BenchLine[] lines)
    {
        string numbers = string.Join(' ', lines.Select(line => (int)line));
        var watch = new LineWatch(Shell.Start(string.Create(CultureInfo.InvariantCulture, $"rig-lines watch {seconds} {numbers}")), seconds);
        await watch.StartedAsync(lines.Length);
        return watch;
    }

    /// <inheritdoc/>
    public Task FailCameraAsync(CameraFault fault, bool fails) => Shell.RunAsync(fault switch
    {
        CameraFault.Disconnected => $"echo vivid.0 > /sys/bus/platform/drivers/vivid/{(fails ? "unbind" : "bind")}",
        CameraFault.Frozen => $"v4l2-ctl -d /dev/video0 -c percentage_of_dropped_buffers={(fails ? 100 : 0)}",
        CameraFault.Erroring => fails ? "v4l2-ctl -d /dev/video0 -c inject_fatal_streaming_error=1" : "true",
        _ => throw new ArgumentOutOfRangeException(nameof(fault)),
    });

    /// <inheritdoc/>
    public Task CutPowerAsync(DateTime? clock = null)
    {
        _machine.Clock = clock;
        return _machine.KillAsync();
    }

    /// <inheritdoc/>
    public Task PowerOnAsync() => _machine.StartAsync();

    /// <inheritdoc/>
    public Task KeepAsync(string folder)
    {
        File.Copy(_machine.Console, Path.Combine(folder, "console.txt"), overwrite: true);
        return Task.CompletedTask;
    }

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        await _machine.DisposeAsync();
        foreach (string file in (string[])[_disk, _machine.Console, _disk + ".monitor"])
            File.Delete(file);
    }
}
