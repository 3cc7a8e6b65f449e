using Yolact.Edge.Messaging.Payloads;

namespace Yolact.Edge.Messaging.Commands.Requests;

/// <summary>Asks how the device fares, in one bounded report without secrets.</summary>
public sealed record DiagnosticsRequest : ICommandRequest
{
    /// <inheritdoc/>
    public IEnumerable<string> Validate() => [];
}

/// <summary>How a device fares.</summary>
/// <param name="State">Its state.</param>
/// <param name="Reasons">Why it is not ready.</param>
/// <param name="Versions">Of the program, its runtime, the model.</param>
/// <param name="ConfigVersion">Version of the configuration that runs.</param>
/// <param name="Run">This run of the program.</param>
/// <param name="UptimeS">Seconds since the program started.</param>
/// <param name="Camera">What the camera is doing; null where there is none.</param>
/// <param name="Fps">Frames inferred a second over the last two seconds.</param>
/// <param name="Frames">Counts since the program started.</param>
/// <param name="LatestStagesMs">Times of the last frame in each stage, in ms.</param>
/// <param name="Connection">The connection to the broker.</param>
/// <param name="Memory">Memory in MiB.</param>
/// <param name="TemperaturesC">Of each thermal zone, in degrees Celsius.</param>
/// <param name="PowerW">Of each rail, in watts.</param>
/// <param name="GpuLoad">0..1; null without a GPU that tells.</param>
/// <param name="Throttling">What slows the machine down.</param>
/// <param name="Problems">The last warnings and errors of the log, oldest first.</param>
public sealed record DiagnosticsResult(
    DeviceState State,
    IReadOnlyList<string> Reasons,
    IReadOnlyDictionary<string, string> Versions,
    string ConfigVersion,
    string Run,
    double UptimeS,
    string? Camera,
    double Fps,
    FrameCounts Frames,
    IReadOnlyDictionary<string, double> LatestStagesMs,
    ConnectionFigures Connection,
    MemoryFigures Memory,
    IReadOnlyDictionary<string, double> TemperaturesC,
    IReadOnlyDictionary<string, double> PowerW,
    double? GpuLoad,
    ThrottlingFigures Throttling,
    IReadOnlyList<LoggedProblem> Problems);

/// <summary>The connection to the broker.</summary>
/// <param name="Connections">Connections made in this run.</param>
/// <param name="Published">Messages sent (and acknowledged, where promised).</param>
/// <param name="Received">Messages received.</param>
/// <param name="Refused">Messages that the broker refused for good.</param>
/// <param name="DroppedPromised">Promised messages that were lost.</param>
/// <param name="DroppedLive">Live messages that made room for later ones.</param>
/// <param name="WaitingPromised">Promised messages that wait.</param>
public sealed record ConnectionFigures(
    long Connections, long Published, long Received, long Refused, long DroppedPromised, long DroppedLive, long WaitingPromised);

/// <summary>A warning or an error of the log.</summary>
/// <param name="Utc">When it was said.</param>
/// <param name="Level">How much it matters.</param>
/// <param name="Category">Which part of the program said it.</param>
/// <param name="Message">What was said, without passwords, at most 500 characters.</param>
public sealed record LoggedProblem(DateTime Utc, EventSeverity Level, string Category, string Message);
