namespace Yolact.Edge.Vision.Engines;

/// <summary>A model file cannot be used; says which, why, and what to do.</summary>
public sealed class ModelException : Exception
{
    /// <summary>An error of a model file.</summary>
    /// <param name="path">The file.</param>
    /// <param name="problem">What is wrong with it, without a full stop.</param>
    /// <param name="inner">The cause, where there is one.</param>
    public ModelException(string path, string problem, Exception? inner = null)
        : base($"Model {path}: {problem}.", inner) => Path = path;

    /// <summary>The file.</summary>
    public string Path { get; }
}
