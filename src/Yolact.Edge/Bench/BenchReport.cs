using System.Text.Json.Serialization;

namespace Yolact.Edge.Bench;

/// <summary>What a benchmark run found.</summary>
/// <param name="Network">Name of the network's config.</param>
/// <param name="Width">Columns of the picture, in px.</param>
/// <param name="Height">Rows of the picture, in px.</param>
/// <param name="Objects">Objects found in it.</param>
/// <param name="Frames">Frames measured.</param>
/// <param name="Rows">What was measured, in ms.</param>
/// <param name="Ratio">Median of the whole frame over that of the bare engine run.</param>
/// <param name="AllocatedBytes">Managed bytes allocated a frame.</param>
/// <param name="MemoryMiB">Resident memory of the process, in MiB.</param>
/// <param name="Machine">Where.</param>
public sealed record BenchReport(
    string Network, int Width, int Height, int Objects, int Frames, IReadOnlyList<BenchRow> Rows, double Ratio, double AllocatedBytes,
    double MemoryMiB, string Machine);

/// <summary>One thing measured, in ms.</summary>
/// <param name="Name">What.</param>
/// <param name="Median">Half of the runs took at most this.</param>
/// <param name="Percentile5">5 % took at most this.</param>
/// <param name="Percentile95">95 % took at most this.</param>
public sealed record BenchRow(string Name, double Median, double Percentile5, double Percentile95)
{
    /// <summary>From samples.</summary>
    /// <param name="name">What was measured.</param>
    /// <param name="samples">At least one.</param>
    public static BenchRow Of(string name, Samples samples)
    {
        ArgumentNullException.ThrowIfNull(samples);
        return new(name, samples.Median, samples.Percentile(5), samples.Percentile(95));
    }
}

[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.SnakeCaseLower, WriteIndented = true)]
[JsonSerializable(typeof(BenchReport))]
internal sealed partial class BenchJson : JsonSerializerContext;
