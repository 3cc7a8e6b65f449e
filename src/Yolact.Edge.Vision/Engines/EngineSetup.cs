using Yolact.Edge.Vision.Engines.Memory;

namespace Yolact.Edge.Vision.Engines;

/// <summary>One way to run a network: everything that is decided before a session is made.</summary>
public sealed record EngineSetup
{
    /// <summary>What runs it; never <see cref="ExecutionProvider.Auto"/>.</summary>
    public ExecutionProvider Provider { get; init; } = ExecutionProvider.Cpu;

    /// <summary>What it may take.</summary>
    public EngineLimits Limits { get; init; } = new MemoryBudget(EngineOptions.DefaultMemoryBudgetMib).Limits();

    /// <summary>
    /// Folder of TensorRT's engine files: those of this network on this machine are read from it, and missing ones are built into it. Null:
    /// the engine is built for this process alone.
    /// </summary>
    public string? EngineFolder { get; init; }
}
