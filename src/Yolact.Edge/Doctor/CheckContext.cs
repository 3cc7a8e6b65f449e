using Yolact.Edge.Capture.Gpio;
using Yolact.Edge.Capture.GStreamer;
using Yolact.Edge.Configuration;
using Yolact.Edge.Messaging;
using Yolact.Edge.Messaging.Payloads;
using Yolact.Edge.Messaging.Sessions;
using Yolact.Edge.Telemetry;
using Yolact.Edge.Vision.Engines.Providers;

namespace Yolact.Edge.Doctor;

/// <summary>What checks look at: the machine's files, the configuration, and what only the running machine can answer.</summary>
internal sealed record CheckContext
{
    /// <summary>A context.</summary>
    /// <param name="root">The folder that stands for <c>/</c>.</param>
    /// <param name="options">The configuration; null where it cannot be used.</param>
    public CheckContext(string root, ApplianceOptions? options) => (Tree, Figures, Options) = (new(root), new(root), options);

    /// <summary>The machine's files.</summary>
    public MachineTree Tree { get; }

    /// <summary>How the machine fares.</summary>
    public MachineReader Figures { get; }

    /// <summary>The configuration; null where it cannot be used.</summary>
    public ApplianceOptions? Options { get; }

    /// <summary>Where the configuration came from; null for the built-in defaults.</summary>
    public string? Source { get; init; }

    /// <summary>What is wrong with the configuration.</summary>
    public IReadOnlyList<ConfigurationError> Errors { get; init; } = [];

    /// <summary>The GPIO chips with their lines.</summary>
    public Func<IReadOnlyList<GpioChip>> Chips { get; init; } = GpioInventory.Read;

    /// <summary>True where a GStreamer element is installed.</summary>
    public Func<string, bool> HasElement { get; init; } = GStreamerLibrary.Has;

    /// <summary>Tries the broker; null where it answers, else why not.</summary>
    public Func<MqttOptions, string, CancellationToken, Task<string?>> TryBroker { get; init; } = BrokerProbe.TryAsync;

    /// <summary>Whether the kernel believes that the clock is right.</summary>
    public Func<bool> IsClockSynchronized { get; init; } = () => WallClock.IsSynchronized;

    /// <summary>Bytes free and in all where a folder lies; null where that is not known.</summary>
    public Func<string, (long Free, long Total)?> Space { get; init; } = DiskSpace.Of;

    /// <summary>Whether the current user may use a file that is there: for reading, for writing.</summary>
    public Func<string, FileAccess, bool> MayOpen { get; init; } = AccessRights.May;

    /// <summary>Loads ONNX Runtime's native library, of the given path or the program's own: its version and execution providers.</summary>
    public Func<string?, (string Version, IReadOnlyCollection<string> Providers)> LoadRuntime { get; init; } =
        path => (NativeRuntime.Load(path).Version, NativeRuntime.Providers(path));

    /// <summary>True on a Jetson.</summary>
    public bool IsJetson => Tree.Exists("/etc/nv_tegra_release")
        || (Tree.Text("/proc/device-tree/compatible")?.Contains("nvidia,tegra", StringComparison.Ordinal) ?? false);
}
