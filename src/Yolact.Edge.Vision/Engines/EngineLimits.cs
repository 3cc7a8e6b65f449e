namespace Yolact.Edge.Vision.Engines;

/// <summary>What an engine may take.</summary>
/// <param name="WorkspaceMib">Scratch memory of TensorRT's kernels, in MiB.</param>
/// <param name="GpuArenaMib">The runtime's own pool of GPU memory, in MiB.</param>
/// <param name="CpuArena">Whether the CPU's memory is kept between runs, which is faster.</param>
/// <param name="RescoringBatch">Masks that are re-scored in one run; 0 for as many as the graph was written for.</param>
public readonly record struct EngineLimits(int WorkspaceMib, int GpuArenaMib, bool CpuArena, int RescoringBatch);
