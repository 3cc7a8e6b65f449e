namespace Yolact.Edge.Messaging.Payloads;

/// <summary>How a device fares, every few seconds. What a machine does not have is null or left out.</summary>
/// <param name="Id">Message id.</param>
/// <param name="Source">Topic root.</param>
/// <param name="Time">When it was measured.</param>
/// <param name="UptimeS">Seconds since the program started.</param>
/// <param name="Fps">Frames inferred a second since the last health message.</param>
/// <param name="Frames">Counts since the program started.</param>
/// <param name="StagesMs">Of each stage since the last health message: mean and longest time in ms.</param>
/// <param name="Queues">Of each queue: how many wait.</param>
/// <param name="Memory">Memory in MiB.</param>
/// <param name="TemperaturesC">Of each thermal zone, in degrees Celsius.</param>
/// <param name="PowerW">Of each rail, in watts.</param>
/// <param name="GpuLoad">0..1; null without a GPU that tells.</param>
/// <param name="Throttling">What slows the machine down.</param>
/// <param name="Engine">What runs the network; null before it runs.</param>
public sealed record HealthMessage(
    string Id,
    string Source,
    MessageTime Time,
    double UptimeS,
    double Fps,
    FrameCounts Frames,
    IReadOnlyDictionary<string, StageFigures> StagesMs,
    IReadOnlyDictionary<string, int> Queues,
    MemoryFigures Memory,
    IReadOnlyDictionary<string, double> TemperaturesC,
    IReadOnlyDictionary<string, double> PowerW,
    double? GpuLoad,
    ThrottlingFigures Throttling,
    EngineFigures? Engine);

/// <summary>Counts since the program started.</summary>
/// <param name="Captured">Frames from the camera.</param>
/// <param name="Inferred">Frames that went through the network.</param>
/// <param name="Published">Detection messages handed to the connection.</param>
/// <param name="Dropped">Free-running frames that a later one replaced.</param>
/// <param name="Edges">Trigger edges.</param>
/// <param name="Overruns">Edges or triggered frames that found every place taken.</param>
/// <param name="Unanswered">Edges that no frame answered.</param>
/// <param name="LateOutputs">Results that came after their deadline.</param>
public sealed record FrameCounts(
    long Captured, long Inferred, long Published, long Dropped, long Edges, long Overruns, long Unanswered, long LateOutputs);

/// <summary>Times in one stage, in ms.</summary>
/// <param name="Mean">Mean.</param>
/// <param name="Max">Longest.</param>
public sealed record StageFigures(double Mean, double Max);

/// <summary>Memory in MiB.</summary>
/// <param name="Resident">Of this process (RSS).</param>
/// <param name="Managed">Of its managed heap.</param>
/// <param name="Total">Of the machine.</param>
/// <param name="Available">Of the machine, free for programs.</param>
/// <param name="GpuShared">Taken by the GPU out of the machine's memory; null where there is none such.</param>
/// <param name="Collections">Garbage collections of generation 0, 1 and 2 since the program started.</param>
public sealed record MemoryFigures(
    double Resident, double Managed, double? Total, double? Available, double? GpuShared, IReadOnlyList<int> Collections);

/// <summary>What slows the machine down.</summary>
/// <param name="OverCurrentEvents">Times that a rail drew too much since boot; null where nobody counts.</param>
/// <param name="HotZones">Thermal zones at or above their first passive trip point.</param>
/// <param name="CpuCappedShare">Greatest share by which a CPU's highest allowed frequency lies below its maximum, 0..1.</param>
public sealed record ThrottlingFigures(long? OverCurrentEvents, IReadOnlyList<string> HotZones, double? CpuCappedShare);
