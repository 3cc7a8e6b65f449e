using System.Collections.Immutable;

namespace Yolact.Edge.Model.Parameters;

/// <summary>How the parameters at hand differ from those a network needs.</summary>
/// <param name="Missing">Needed, not there.</param>
/// <param name="Unexpected">There, not needed.</param>
/// <param name="Misshaped">There with another shape.</param>
public sealed record ParameterDifference(
    ImmutableArray<ParameterSpec> Missing, ImmutableArray<string> Unexpected, ImmutableArray<MisshapedParameter> Misshaped)
{
    /// <summary>Number of parameters that differ.</summary>
    public int Count => Missing.Length + Unexpected.Length + Misshaped.Length;

    /// <summary>True where all fits.</summary>
    public bool IsEmpty => Count == 0;

    /// <summary>Compares. What only training needs may be missing, but not be of another shape.</summary>
    /// <param name="needed">The network's parameters.</param>
    /// <param name="shapes">Shapes of those at hand, by parameter name.</param>
    public static ParameterDifference Between(ImmutableArray<ParameterSpec> needed, IReadOnlyDictionary<string, ImmutableArray<int>> shapes)
    {
        ArgumentNullException.ThrowIfNull(shapes);
        var names = needed.Select(spec => spec.Name).ToHashSet(StringComparer.Ordinal);
        return new ParameterDifference(
            [.. needed.Where(spec => !spec.TrainingOnly && !shapes.ContainsKey(spec.Name))],
            [.. shapes.Keys.Where(name => !names.Contains(name))],
            [.. needed.Where(spec => shapes.TryGetValue(spec.Name, out ImmutableArray<int> shape) && !shape.SequenceEqual(spec.Shape))
                .Select(spec => new MisshapedParameter(spec, shapes[spec.Name]))]);
    }

    /// <summary>One line for each parameter that differs.</summary>
    public IEnumerable<string> Describe() =>
    [
        .. Missing.Select(spec => $"missing: {spec.Name} {Text(spec.Shape)}"),
        .. Unexpected.Select(name => $"unexpected: {name}"),
        .. Misshaped.Select(parameter => $"shape: {parameter.Needed.Name} is {Text(parameter.Shape)}, not {Text(parameter.Needed.Shape)}"),
    ];

    private static string Text(ImmutableArray<int> shape) => $"[{string.Join(", ", shape)}]";
}

/// <summary>A parameter of another shape than the network needs.</summary>
/// <param name="Needed">What is needed.</param>
/// <param name="Shape">The shape at hand.</param>
public sealed record MisshapedParameter(ParameterSpec Needed, ImmutableArray<int> Shape);
