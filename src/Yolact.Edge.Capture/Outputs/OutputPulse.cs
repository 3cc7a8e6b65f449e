namespace Yolact.Edge.Capture.Outputs;

/// <summary>A pulse at a given moment.</summary>
/// <param name="Line">The line's name.</param>
/// <param name="At">When it begins; a moment in the past means now.</param>
/// <param name="Length">How long it lasts, more than zero.</param>
/// <param name="Tolerance">How late it may begin; beyond that it is not given, and reported.</param>
/// <param name="Edge">The trigger edge's id that it answers; 0 for none.</param>
public readonly record struct OutputPulse(string Line, MonotonicTime At, TimeSpan Length, TimeSpan Tolerance, long Edge = 0);
