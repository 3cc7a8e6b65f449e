using Yolact.Edge.Imaging;

namespace Yolact.Edge.Simulation.Lines;

/// <summary>An output line of the belt was switched.</summary>
/// <param name="Time">When.</param>
/// <param name="Active">The level from then on.</param>
public readonly record struct OutputChange(MonotonicTime Time, bool Active);
