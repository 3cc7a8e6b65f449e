using Yolact.Edge.Vision.Engines;
using Yolact.Edge.Vision.Suppression;

namespace Yolact.Edge.Bench;

/// <summary>What the benchmark measures.</summary>
public sealed record BenchOptions
{
    /// <summary>Frames measured; at least 1.</summary>
    public int Frames { get; init; } = 30;

    /// <summary>Frames run before, not measured; at least 0.</summary>
    public int WarmUp { get; init; } = 3;

    /// <summary>Objects a frame: the score threshold is set so that this many stay in the first picture. Null: the usual threshold.</summary>
    public int? Objects { get; init; }

    /// <summary>Which of several boxes on the same object stays.</summary>
    public NmsMode Nms { get; init; } = NmsMode.Fast;

    /// <summary>Whether masks are re-scored where the network can.</summary>
    public bool Rescore { get; init; } = true;

    /// <summary>Whether the network is cut into its stages and each of them measured.</summary>
    public bool Stages { get; init; } = true;

    /// <summary>How the network is run.</summary>
    public EngineOptions Engine { get; init; } = new();
}
