using Yolact.Edge.Commands;

namespace Yolact.Edge.Configuration;

/// <summary>One thing that is wrong with a configuration.</summary>
/// <param name="Pointer">JSON pointer (RFC 6901) to it; empty for the document as a whole.</param>
/// <param name="Message">What is wrong and what would be right.</param>
public readonly record struct ConfigurationError(string Pointer, string Message)
{
    /// <summary>Pointer and message on one line.</summary>
    public override string ToString() => $"{(Pointer.Length == 0 ? "/" : Pointer)}: {Message}";
}

/// <summary>A configuration cannot be used; nothing was started (<see cref="ExitCode.BadInput"/>).</summary>
public sealed class InvalidConfigurationException : Exception
{
    /// <summary>An error about a configuration.</summary>
    /// <param name="source">Where it came from.</param>
    /// <param name="errors">Everything that is wrong.</param>
    public InvalidConfigurationException(string source, IReadOnlyList<ConfigurationError> errors)
        : base($"The configuration ({source}) cannot be used:{string.Concat(errors.Select(e => $"{Environment.NewLine}  {e}"))}") =>
        (Source, Errors) = (source, errors);

    /// <summary>Everything that is wrong.</summary>
    public IReadOnlyList<ConfigurationError> Errors { get; }
}
