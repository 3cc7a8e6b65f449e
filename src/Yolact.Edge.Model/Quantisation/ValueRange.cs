namespace Yolact.Edge.Model.Quantisation;

/// <summary>The values that a quantised type must hold.</summary>
/// <param name="Low">The smallest, at most 0.</param>
/// <param name="High">The largest, at least 0.</param>
public readonly record struct ValueRange(float Low, float High)
{
    /// <summary>The larger of the two ends' distances from 0.</summary>
    public float Magnitude => Math.Max(-Low, High);
}
