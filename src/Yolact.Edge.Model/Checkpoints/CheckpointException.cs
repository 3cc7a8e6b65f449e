namespace Yolact.Edge.Model.Checkpoints;

/// <summary>A file is no checkpoint that can be read, or holds something that a checkpoint has no need of.</summary>
public sealed class CheckpointException : Exception
{
    /// <summary>The file.</summary>
    public string Path { get; }

    /// <summary>An error in a file.</summary>
    /// <param name="path">The file.</param>
    /// <param name="problem">What is wrong with it, and where known what to do; completes "FILE: ...".</param>
    /// <param name="inner">The cause, where there is one.</param>
    public CheckpointException(string path, string problem, Exception? inner = null)
        : base($"{path}: {problem}", inner) => Path = path;
}
