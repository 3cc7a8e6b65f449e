using Yolact.Edge.Imaging;

namespace Yolact.Edge.Messaging.Payloads.Detections;

/// <summary>What was seen in one frame, and how it came about.</summary>
public readonly ref struct DetectionsMessage
{
    /// <summary>Id, source and time.</summary>
    public required MessageHeader Header { get; init; }

    /// <summary>Name of the camera.</summary>
    public required string Camera { get; init; }

    /// <summary>The picture.</summary>
    public required FrameTrace Frame { get; init; }

    /// <summary>The edge that the frame answers; null in free-run.</summary>
    public EdgeTrace? Trigger { get; init; }

    /// <summary>What network saw it.</summary>
    public required ModelTrace Model { get; init; }

    /// <summary>The configuration that was in force.</summary>
    public required string ConfigVersion { get; init; }

    /// <summary>Time spent in each stage.</summary>
    public required StageTimes Stages { get; init; }

    /// <summary>Objects, best score first; boxes and masks in px of the source picture.</summary>
    public required ReadOnlySpan<Detection> Objects { get; init; }

    /// <summary>What the rules made of them.</summary>
    public ReadOnlySpan<RuleOutcome> Results { get; init; }
}

/// <summary>Which picture it was.</summary>
/// <param name="Sequence">The source's number of the frame.</param>
/// <param name="Width">Columns in px.</param>
/// <param name="Height">Rows in px.</param>
/// <param name="Time">When it was taken, and what that time means.</param>
public readonly record struct FrameTrace(long Sequence, int Width, int Height, FrameTime Time);

/// <summary>Which edge it answers.</summary>
/// <param name="Id">Number of the edge, from 1 in this run.</param>
/// <param name="Time">The kernel's (or the simulation's) time of the edge.</param>
/// <param name="Line">Name of the line.</param>
/// <param name="FrameIndex">Which of the frames that the edge asked for, from 0.</param>
public readonly record struct EdgeTrace(long Id, MonotonicTime Time, string Line, int FrameIndex = 0);

/// <summary>Which network it was.</summary>
/// <param name="Name">The model's name.</param>
/// <param name="Sha256">Hash of its file, 64 hexadecimal digits.</param>
/// <param name="Labels">Name of each class.</param>
public sealed record ModelTrace(string Name, string Sha256, IReadOnlyList<string> Labels);

/// <summary>How long a frame spent where.</summary>
/// <param name="Wait">From its arrival at the pipeline to the start of preprocessing, and between stages.</param>
/// <param name="Preprocess">Resize and layout.</param>
/// <param name="Inference">The engine.</param>
/// <param name="Postprocess">Decode, Fast NMS, masks, re-scoring.</param>
/// <param name="Rules">Rules.</param>
/// <param name="Total">From the start of exposure (arrival, where that is not known) until this message was written.</param>
public readonly record struct StageTimes(
    TimeSpan Wait, TimeSpan Preprocess, TimeSpan Inference, TimeSpan Postprocess, TimeSpan Rules, TimeSpan Total);

/// <summary>What one rule made of a frame.</summary>
/// <param name="Rule">Name of the rule.</param>
/// <param name="Met">Whether its condition holds.</param>
/// <param name="Count">Objects that its filter let through.</param>
/// <param name="Line">The output line that it drives; null for none.</param>
/// <param name="PulseAt">When the line's pulse begins; null for none.</param>
/// <param name="Late">The result came after its deadline: the line's fail-safe was driven instead.</param>
public readonly record struct RuleOutcome(string Rule, bool Met, int Count, string? Line, MonotonicTime? PulseAt, bool Late);
