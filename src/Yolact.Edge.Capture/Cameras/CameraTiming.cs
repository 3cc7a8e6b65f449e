namespace Yolact.Edge.Capture.Cameras;

/// <summary>What a source's timestamps mean and how far they can be trusted.</summary>
/// <param name="Meaning">The moment of a picture's life that is stamped.</param>
/// <param name="Uncertainty">Half the width of the interval in which the true moment lies.</param>
/// <param name="Origin">Where the stamp comes from, in words: "UVC driver, start of exposure", "arrival in this process".</param>
public sealed record CameraTiming(FrameTimeMeaning Meaning, TimeSpan Uncertainty, string Origin)
{
    /// <summary>True where edges can be matched to exposures only with an assumed latency.</summary>
    public bool IsArrivalOnly => Meaning == FrameTimeMeaning.Arrival;
}
