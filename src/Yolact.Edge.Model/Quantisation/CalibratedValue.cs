namespace Yolact.Edge.Model.Quantisation;

/// <summary>A value whose range calibration has to find.</summary>
/// <param name="Name">The value, an output of the calibration graph.</param>
/// <param name="Group">Values of one group are gathered together: results of convolutions that share their weights.</param>
/// <param name="Channels">1: one range for all of it; else its number of channels ([1, C, H, W]), each with a range of its own.</param>
public sealed record CalibratedValue(string Name, string Group, int Channels);
