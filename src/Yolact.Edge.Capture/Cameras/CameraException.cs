namespace Yolact.Edge.Capture.Cameras;

/// <summary>A camera cannot be opened or run; the message says why and what to do.</summary>
public sealed class CameraException : Exception
{
    /// <summary>An error.</summary>
    /// <param name="message">What happened, to which camera, and what to do.</param>
    /// <param name="inner">The cause, where there is one.</param>
    public CameraException(string message, Exception? inner = null) : base(message, inner)
    {
    }

    /// <summary>True where trying again cannot help: software is missing, an option is wrong.</summary>
    public bool IsPermanent { get; init; }
}
