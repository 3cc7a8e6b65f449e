using System.Text.Json.Serialization;

namespace Yolact.Edge.Bench;

/// <summary>What a benchmark run found.</summary>
public sealed record BenchReport
{
    /// <summary>Name of the network's config.</summary>
    public required string Network { get; init; }

    /// <summary>SHA-256 of the main graph, lower-case hexadecimal.</summary>
    public required string ModelSha256 { get; init; }

    /// <summary>Numbers that it computes with: <c>float</c> or <c>int8</c>.</summary>
    public required string Numbers { get; init; }

    /// <summary>What ran it.</summary>
    public required string Provider { get; init; }

    /// <summary>Side of the network's input, in px.</summary>
    public required int InputSize { get; init; }

    /// <summary>Columns of the first picture, in px.</summary>
    public required int Width { get; init; }

    /// <summary>Rows of the first picture, in px.</summary>
    public required int Height { get; init; }

    /// <summary>Pictures, taken in turn.</summary>
    public required int Pictures { get; init; }

    /// <summary>Objects found a frame, on average.</summary>
    public required double Objects { get; init; }

    /// <summary>Frames measured.</summary>
    public required int Frames { get; init; }

    /// <summary>When.</summary>
    public required DateTimeOffset Measured { get; init; }

    /// <summary>Where, at the end of the run.</summary>
    public required MachineState Machine { get; init; }

    /// <summary>What was measured, one row each.</summary>
    public required IReadOnlyList<BenchRow> Rows { get; init; }

    /// <summary>Managed bytes allocated a frame on its way to the detections.</summary>
    public required double AllocatedBytes { get; init; }

    /// <summary>Resident memory of the process, in MiB, before the graph was cut.</summary>
    public required double MemoryMiB { get; init; }

    /// <summary>The worker against the bare engine; null where it was not asked for.</summary>
    public WorkerReport? Worker { get; init; }

    /// <summary>Median of a row, in ms; null where it was not measured.</summary>
    /// <param name="name">One of <see cref="BenchRow"/>'s names.</param>
    public double? MedianOf(string name) => Rows.FirstOrDefault(row => row.Name == name)?.Median;

    /// <summary>Median of the whole frame over that of the bare engine run.</summary>
    [JsonIgnore]
    public double Ratio => MedianOf(BenchRow.WholeFrame)!.Value / MedianOf(BenchRow.BareEngine)!.Value;

    /// <summary>Share of the frame's time that is neither the network's nor its re-scoring network's, 0..1, of medians.</summary>
    [JsonIgnore]
    public double Overhead => 1 - ((MedianOf(BenchRow.Engine)!.Value + (MedianOf(BenchRow.Rescoring) ?? 0)) / MedianOf(BenchRow.WholeFrame)!.Value);

    /// <summary>Sum of the stages' medians over the whole graph's; null where the graph was not cut.</summary>
    [JsonIgnore]
    public double? StageSum => MedianOf(BenchRow.StageSum) / MedianOf(BenchRow.Engine);
}

/// <summary>One thing measured, in ms.</summary>
/// <param name="Name">What.</param>
/// <param name="Part">What it is a part of.</param>
/// <param name="Percentile5">5 % took at most this: what a quiet machine does.</param>
/// <param name="Median">Half of the runs took at most this.</param>
/// <param name="Percentile95">95 % took at most this.</param>
/// <param name="Percentile99">99 % took at most this.</param>
public sealed record BenchRow(string Name, BenchPart Part, double Percentile5, double Median, double Percentile95, double Percentile99)
{
    /// <summary>The whole main graph, within a frame.</summary>
    public const string Engine = "whole graph";

    /// <summary>The graph's stages, added up.</summary>
    public const string StageSum = "sum of its stages";

    /// <summary>The re-scoring network.</summary>
    public const string Rescoring = "re-scoring network";

    /// <summary>Everything behind the main graph: boxes, NMS, masks, re-scoring.</summary>
    public const string PostProcess = "post-process";

    /// <summary>From the frame to the message handed over.</summary>
    public const string WholeFrame = "whole frame";

    /// <summary>The main graph alone, nothing else before or after.</summary>
    public const string BareEngine = "bare engine run";

    /// <summary>From samples.</summary>
    /// <param name="name">What was measured.</param>
    /// <param name="part">What it is a part of.</param>
    /// <param name="samples">At least one.</param>
    public static BenchRow Of(string name, BenchPart part, Samples samples)
    {
        ArgumentNullException.ThrowIfNull(samples);
        return new(name, part, samples.Percentile(5), samples.Median, samples.Percentile(95), samples.Percentile(99));
    }
}

/// <summary>What a row is a part of.</summary>
public enum BenchPart
{
    /// <summary>A stage of the cut graph.</summary>
    Graph,

    /// <summary>A step of the frame.</summary>
    Frame,

    /// <summary>The whole of something.</summary>
    Total,
}

[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.SnakeCaseLower, WriteIndented = true, UseStringEnumConverter = true)]
[JsonSerializable(typeof(BenchReport))]
internal sealed partial class BenchJson : JsonSerializerContext;
