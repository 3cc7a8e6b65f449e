namespace Yolact.Edge.Models;

/// <summary>A file could not be downloaded; the message says why and what to do.</summary>
public sealed class DownloadException : IOException
{
    /// <summary>An error with a message.</summary>
    /// <param name="message">What happened, to what, and what to do.</param>
    /// <param name="inner">The cause, where there is one.</param>
    public DownloadException(string message, Exception? inner = null)
        : base(message, inner)
    {
    }
}
