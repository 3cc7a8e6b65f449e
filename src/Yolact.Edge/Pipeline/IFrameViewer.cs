namespace Yolact.Edge.Pipeline;

/// <summary>Someone who watches frames as they are finished: the live page, or nobody.</summary>
public interface IFrameViewer
{
    /// <summary>Shows a frame. Called on the finishing stage's thread: must be quick where nobody looks.</summary>
    /// <param name="result">Valid during the call.</param>
    void Show(in FrameResult result);
}

/// <summary>Nobody watches.</summary>
public sealed class NoViewer : IFrameViewer
{
    /// <inheritdoc/>
    public void Show(in FrameResult result)
    {
    }
}
