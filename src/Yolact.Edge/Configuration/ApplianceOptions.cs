using Yolact.Edge.Capture.Cameras;
using Yolact.Edge.Capture.Gpio;
using Yolact.Edge.Messaging;
using Yolact.Edge.Messaging.Payloads.Detections;
using Yolact.Edge.Pipeline.Evidence;
using Yolact.Edge.Rules;
using Yolact.Edge.Simulation.World;
using Yolact.Edge.Telemetry;
using Yolact.Edge.Vision;

namespace Yolact.Edge.Configuration;

/// <summary>Everything that a device can be told: one document.</summary>
public sealed record ApplianceOptions
{
    /// <summary>
    /// Version of this document, at most 64 characters; every message names it. Default <c>local</c>. A document on config/desired needs a
    /// version that is newer than the last good one's: runs of digits count as numbers, everything else by its code (1.9, 1.10, 2).
    /// </summary>
    public string Version { get; init; } = "local";

    /// <summary>Name of the device in topics: 1 to 64 ASCII letters, digits, '-', '_' or '.'. Default: the machine's name.</summary>
    public string Device { get; init; } = DeviceName.OfMachine();

    /// <summary>Cameras, 1..16, of which exactly one is active. Default: the belt's.</summary>
    public IReadOnlyList<CameraOptions> Cameras { get; init; } = [new CameraOptions()];

    /// <summary>Input and output lines. Default: the belt's light barrier <c>barrier</c> and its output <c>reject</c>.</summary>
    public GpioOptions Gpio { get; init; } =
        new() { Inputs = [new InputLineOptions { Name = "barrier" }], Outputs = [new OutputLineOptions { Name = "reject" }] };

    /// <summary>Output lines with a meaning of their own.</summary>
    public LinesOptions Lines { get; init; } = new();

    /// <summary>The network.</summary>
    public ModelOptions Model { get; init; } = new();

    /// <summary>What counts as a detection, and what runs the network.</summary>
    public DetectorOptions Detector { get; init; } = new();

    /// <summary>Rules, at most 64. Default none.</summary>
    public IReadOnlyList<RuleOptions> Rules { get; init; } = [];

    /// <summary>What detections messages hold.</summary>
    public DetectionsOptions Detections { get; init; } = new();

    /// <summary>Frames as pictures. Default none.</summary>
    public EvidenceOptions Evidence { get; init; } = new();

    /// <summary>The broker.</summary>
    public MqttOptions Mqtt { get; init; } = new();

    /// <summary>Pages, figures and health for this machine.</summary>
    public WebOptions Web { get; init; } = new();

    /// <summary>Figures about the machine.</summary>
    public TelemetryOptions Telemetry { get; init; } = new();

    /// <summary>What the device lets itself be told over MQTT.</summary>
    public RemoteOptions Remote { get; init; } = new();

    /// <summary>The simulated belt, where a camera or the lines are the belt's.</summary>
    public BeltWorldOptions Belt { get; init; } = new();
}
