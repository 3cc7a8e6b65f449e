namespace Yolact.Edge.Model.Parameters;

/// <summary>A checkpoint's parameters are not those of the network; lists every difference.</summary>
public sealed class ParameterMismatchException : Exception
{
    /// <summary>The differences.</summary>
    public ParameterDifference Difference { get; }

    /// <summary>An error for a checkpoint and a network.</summary>
    /// <param name="path">The checkpoint.</param>
    /// <param name="config">The network's name.</param>
    /// <param name="difference">At least one difference.</param>
    public ParameterMismatchException(string path, string config, ParameterDifference difference)
        : base($"{path}: {difference?.Count} parameters are not those of {config}:{Lines(difference)}") => Difference = difference!;

    private static string Lines(ParameterDifference? difference) =>
        string.Concat((difference?.Describe() ?? []).Select(line => $"{Environment.NewLine}  {line}"));
}
