using SkiaSharp;

namespace Yolact.Edge.Simulation.Parts;

/// <summary>One piece of a part: an outline in the part's own axes (px, origin at the part's centre), its form and what it is
/// made of.</summary>
internal sealed record Solid(SKPath Path, Surface Surface, Material Material) : IDisposable
{
    /// <summary>How much light its place gets: below 1 for what lies deep, such as a hole's wall.</summary>
    public float Exposure { get; init; } = 1;

    /// <summary>How much of what lies beneath it hides, 0..1.</summary>
    public float Opacity { get; init; } = 1;

    public void Dispose() => Path.Dispose();
}
