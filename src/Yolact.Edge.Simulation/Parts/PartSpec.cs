namespace Yolact.Edge.Simulation.Parts;

/// <summary>Which part lies where on the belt: everything that its picture, its mask and its barrier edge follow from.</summary>
/// <param name="Id">The part's number: rises along the stream, unique in a world.</param>
/// <param name="Class">What it is.</param>
/// <param name="U">Its centre along the belt in px of belt coordinates: at travel s it stands in column U + s of the
/// picture.</param>
/// <param name="Y">Its centre across the belt in px: the picture's row.</param>
/// <param name="Angle">Its rotation in radians.</param>
/// <param name="Size">Its longest dimension in px.</param>
/// <param name="Seed">The seed of its proportions, material and wear.</param>
internal readonly record struct PartSpec(long Id, PartClass Class, double U, float Y, float Angle, float Size, ulong Seed);
