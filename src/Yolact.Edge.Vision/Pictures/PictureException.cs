namespace Yolact.Edge.Vision.Pictures;

/// <summary>A picture file cannot be read; says which, why, and what to do.</summary>
public sealed class PictureException : Exception
{
    /// <summary>An error of a picture file.</summary>
    /// <param name="path">The file.</param>
    /// <param name="problem">What is wrong with it, without a full stop.</param>
    /// <param name="inner">The cause, where there is one.</param>
    public PictureException(string path, string problem, Exception? inner = null)
        : base($"Picture {path}: {problem}.", inner) => Path = path;

    /// <summary>The file.</summary>
    public string Path { get; }
}
