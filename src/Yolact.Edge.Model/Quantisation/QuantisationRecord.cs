using System.Globalization;

namespace Yolact.Edge.Model.Quantisation;

/// <summary>What a quantised model says of how it was made.</summary>
/// <param name="Target">What for.</param>
/// <param name="Method">How ranges were chosen, such as <c>mse</c> or <c>percentile 99.99</c>.</param>
/// <param name="Pictures">Pictures that calibration saw.</param>
/// <param name="WeightBits">7 or 8.</param>
/// <param name="Operators">Operators computed in int8.</param>
/// <param name="Kept">What stays in floats and why, a line each.</param>
public sealed record QuantisationRecord(QuantisationTarget Target, string Method, int Pictures, int WeightBits, int Operators, IReadOnlyList<string> Kept)
{
    private const string Prefix = "yolact.int8.";

    internal IEnumerable<KeyValuePair<string, string>> ToProperties() =>
    [
        new(Prefix + "target", Target.ToString().ToLowerInvariant()),
        new(Prefix + "method", Method),
        new(Prefix + "pictures", Text(Pictures)),
        new(Prefix + "weight_bits", Text(WeightBits)),
        new(Prefix + "operators", Text(Operators)),
        new(Prefix + "kept", string.Join('\n', Kept)),
    ];

    /// <summary>Reads it back; null for a model in floats.</summary>
    internal static QuantisationRecord? FromProperties(IReadOnlyDictionary<string, string> properties)
    {
        return Enum.TryParse(properties.GetValueOrDefault(Prefix + "target"), ignoreCase: true, out QuantisationTarget target)
            ? new(target, properties.GetValueOrDefault(Prefix + "method", ""), Number("pictures"), Number("weight_bits"), Number("operators"),
                properties.GetValueOrDefault(Prefix + "kept", "").Split('\n', StringSplitOptions.RemoveEmptyEntries))
            : null;

        int Number(string key) => int.TryParse(properties.GetValueOrDefault(Prefix + key), NumberStyles.None, CultureInfo.InvariantCulture, out int value) ? value : 0;
    }

    private static string Text(int value) => value.ToString(CultureInfo.InvariantCulture);
}
