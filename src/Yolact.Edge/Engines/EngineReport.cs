using Yolact.Edge.Vision.Engines;
using Yolact.Edge.Vision.Engines.Memory;
using Yolact.Edge.Vision.Engines.Providers;

namespace Yolact.Edge.Engines;

/// <summary>What runs the network, and what it takes.</summary>
/// <param name="Choice">The provider, and why not a better one.</param>
/// <param name="EngineId">Entry of the cache; null where nothing had to be built.</param>
/// <param name="BuildSeconds">How long it was built at this start; null where it was not.</param>
/// <param name="BudgetMib">What it may take, in MiB.</param>
/// <param name="Memory">What it takes after its warm-up.</param>
/// <param name="Limits">The caps it runs under.</param>
/// <param name="Notes">What a person should know: smaller caps, a budget that was not kept.</param>
public sealed record EngineReport(
    ProviderChoice Choice, string? EngineId, double? BuildSeconds, int BudgetMib, MemoryUse Memory, EngineLimits Limits, IReadOnlyList<string> Notes)
{
    /// <summary>True where it takes no more than it may.</summary>
    public bool WithinBudget => Memory.Mib <= BudgetMib;

    /// <summary>True where a second network of the same size may be loaded beside it.</summary>
    public bool LeavesRoomForAnother => 2 * Memory.Mib <= BudgetMib;
}
