using Yolact.Edge.Imaging;
using Yolact.Edge.Simulation.Parts;

namespace Yolact.Edge.Simulation.World;

/// <summary>What can be seen of a part in one picture.</summary>
/// <param name="Id">The part's number: rises along the stream.</param>
/// <param name="Class">What it is.</param>
/// <param name="Box">The smallest box around the visible px.</param>
/// <param name="Mask">The visible px: where no later part, clutter or rail lies over it; holes are open.</param>
/// <param name="Area">Count of visible px.</param>
/// <param name="WholeArea">Count of the part's px were nothing hidden or cut off.</param>
public readonly record struct VisiblePart(long Id, PartClass Class, PixelRect Box, BinaryMask Mask, int Area, int WholeArea);
