using Yolact.Edge.Imaging;

namespace Yolact.Edge.Simulation.World;

/// <summary>The light barrier's beam was broken or came free.</summary>
/// <param name="Time">The exact moment, rounded to the ns.</param>
/// <param name="Rising">True where a part's leading edge broke the beam; false where the last part's trailing edge freed
/// it.</param>
/// <param name="PartId">The part whose edge it was.</param>
public readonly record struct BarrierEdge(MonotonicTime Time, bool Rising, long PartId);
