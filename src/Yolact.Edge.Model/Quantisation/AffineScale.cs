namespace Yolact.Edge.Model.Quantisation;

/// <summary>
/// What QuantizeLinear and DequantizeLinear compute with: q = clamp(round(x / scale) + zero, min, max), x' = (q - zero) scale.
/// </summary>
/// <param name="Scale">Size of a step, above 0.</param>
/// <param name="Zero">The number that stands for 0.</param>
/// <param name="Min">Smallest number: 0 for uint8, -128 or less of it for int8.</param>
/// <param name="Max">Largest number.</param>
internal readonly record struct AffineScale(float Scale, int Zero, int Min, int Max)
{
    // A range of nothing but zeros still needs a scale.
    private const float SmallestScale = 1e-12f;

    /// <summary>For activations of a target.</summary>
    public static AffineScale For(ValueRange range, QuantisationTarget target)
    {
        if (target == QuantisationTarget.TensorRt)
            return new(Math.Max(range.Magnitude / sbyte.MaxValue, SmallestScale), 0, sbyte.MinValue, sbyte.MaxValue);
        float low = Math.Min(range.Low, 0), high = Math.Max(range.High, 0);
        float scale = Math.Max((high - low) / byte.MaxValue, SmallestScale);
        int zero = Math.Clamp((int)MathF.Round(-low / scale, MidpointRounding.ToEven), 0, byte.MaxValue);
        return new(scale, zero, 0, byte.MaxValue);
    }

    /// <summary>The number of a value; halves are rounded to even, as ONNX says.</summary>
    public int Quantise(double value) => (int)Math.Clamp(Math.Round(value / Scale, MidpointRounding.ToEven) + Zero, Min, Max);

    /// <summary>The value of a number.</summary>
    public float Dequantise(int number) => (number - Zero) * Scale;
}
