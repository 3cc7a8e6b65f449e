namespace Yolact.Edge.Model.Quantisation;

/// <summary>How a network is quantised.</summary>
public sealed record QuantisationOptions
{
    /// <summary>What for. Default <see cref="QuantisationTarget.Cpu"/>.</summary>
    public QuantisationTarget Target { get; init; } = QuantisationTarget.Cpu;

    /// <summary>How ranges are chosen. Default <see cref="RangeMethod.Mse"/>.</summary>
    public RangeMethod Method { get; init; } = RangeMethod.Mse;

    /// <summary>Share that <see cref="RangeMethod.Percentile"/> keeps below the upper end (and above the lower), in per cent, 99..100. Default 99.99.</summary>
    public double Percentile { get; init; } = 99.99;

    /// <summary>
    /// Bits of a weight, 7 or 8. Default 8. 7 for x86 processors without VNNI, whose 8-bit products may overflow 16 bits in the
    /// runtime's kernels.
    /// </summary>
    public int WeightBits { get; init; } = 8;

    /// <summary>Nodes whose names begin with one of these stay in floats. Default none.</summary>
    public IReadOnlyList<string> Keep { get; init; } = [];

    /// <summary>Everything that is wrong, each with what would be right; empty for valid options.</summary>
    public IEnumerable<string> Validate()
    {
        if (!Enum.IsDefined(Target))
            yield return $"target: one of {string.Join(", ", Enum.GetNames<QuantisationTarget>())}, not {(int)Target}";
        if (!Enum.IsDefined(Method))
            yield return $"method: one of {string.Join(", ", Enum.GetNames<RangeMethod>())}, not {(int)Method}";
        if (!(Percentile is >= 99 and <= 100))
            yield return $"percentile: 99 to 100, not {Percentile}";
        if (WeightBits is not (7 or 8))
            yield return $"weight bits: 7 or 8, not {WeightBits}";
    }
}
