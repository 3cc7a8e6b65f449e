namespace Yolact.Edge.Model.Configs;

/// <summary>A network's config is wrong; says everything that is.</summary>
public sealed class InvalidConfigException : Exception
{
    /// <summary>Everything that is wrong, each with its path.</summary>
    public IReadOnlyList<string> Errors { get; }

    /// <summary>An error for the config called <paramref name="source"/>.</summary>
    /// <param name="source">File or name.</param>
    /// <param name="errors">At least one.</param>
    /// <param name="inner">The cause, where there is one.</param>
    public InvalidConfigException(string source, IReadOnlyList<string> errors, Exception? inner = null)
        : base($"{source} is no valid network config:{string.Concat(errors.Select(e => $"{Environment.NewLine}  {e}"))}", inner) => Errors = errors;
}
