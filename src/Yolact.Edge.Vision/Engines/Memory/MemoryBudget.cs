using Yolact.Edge.Model.Graphs;

namespace Yolact.Edge.Vision.Engines.Memory;

/// <summary>
/// Caps that follow from a budget, in steps that each take less. A third of the budget is TensorRT's workspace and half of it the pool of the
/// CUDA provider: the rest is weights and what the driver takes for itself.
/// </summary>
/// <param name="mib">Memory that network and runtime may take, in MiB.</param>
public readonly struct MemoryBudget(int mib)
{
    /// <summary>Number of steps: 0 takes the most.</summary>
    public const int Steps = 3;

    // Below this TensorRT finds no kernel for the larger convolutions.
    private const int LeastWorkspaceMib = 64;
    private const int LeastArenaMib = 128;

    /// <summary>The budget in MiB.</summary>
    public int Mib => mib;

    /// <summary>The caps of a step. Every step halves workspace, pool and re-scoring batch; the last keeps no CPU memory between runs.</summary>
    /// <param name="step">0..<see cref="Steps"/> - 1.</param>
    /// <param name="workspaceMib">A workspace that somebody asked for instead of a third of the budget.</param>
    public EngineLimits Limits(int step = 0, int? workspaceMib = null)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(step);
        ArgumentOutOfRangeException.ThrowIfGreaterThanOrEqual(step, Steps);
        return new EngineLimits(
            Math.Max((workspaceMib ?? (mib / 3)) >> step, LeastWorkspaceMib),
            Math.Max((mib / 2) >> step, LeastArenaMib),
            CpuArena: step < Steps - 1,
            RescoringBatch.Default >> step);
    }
}
