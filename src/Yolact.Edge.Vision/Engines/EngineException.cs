namespace Yolact.Edge.Vision.Engines;

/// <summary>The network cannot be run as asked, for a reason that lies not in the model but in the machine; says what to do.</summary>
public class EngineException : Exception
{
    /// <summary>An error of a runtime, a provider, an engine's build or its memory.</summary>
    /// <param name="message">What happened, to what, and what to do.</param>
    /// <param name="lasting">Whether trying again as things are would give the same.</param>
    /// <param name="inner">The cause, where there is one.</param>
    public EngineException(string message, bool lasting = true, Exception? inner = null)
        : base(message, inner) => Lasting = lasting;

    /// <summary>True where trying again without a change would give the same.</summary>
    public bool Lasting { get; }
}
