using Yolact.Edge.Imaging;
using Yolact.Edge.Simulation.Parts;

namespace Yolact.Edge.Simulation.World;

/// <summary>A part and where its outline stands at one moment, whether or not something hides it.</summary>
/// <param name="Id">The part's number: rises along the stream.</param>
/// <param name="Class">What it is.</param>
/// <param name="Box">The exact box of its outline in px of the picture; it may leave the picture.</param>
public readonly record struct PlacedPart(long Id, PartClass Class, Box Box);
