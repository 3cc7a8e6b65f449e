namespace Yolact.Edge.Model.Quantisation;

/// <summary>How the range of a value is chosen from what calibration saw.</summary>
public enum RangeMethod
{
    /// <summary>All that was seen. One outlier makes every step coarse.</summary>
    MinMax,

    /// <summary>All but a small share at each end (<see cref="QuantisationOptions.Percentile"/>).</summary>
    Percentile,

    /// <summary>The range with the smallest mean squared error of the quantised values, clipping included.</summary>
    Mse,
}
