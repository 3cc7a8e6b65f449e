using Yolact.Edge.Capture.Lines;

namespace Yolact.Edge.Capture.Triggers;

/// <summary>A debounced edge that asks for pictures.</summary>
/// <param name="Id">Rises by one a trigger edge of this run, from 1; names the edge in every message about it.</param>
/// <param name="Time">When the line changed (software triggers: when the request arrived).</param>
/// <param name="Edge">Which way; gates need both.</param>
/// <param name="Sequence">The line's own number of the raw event, whose gaps tell of lost ones; equal to <paramref name="Id"/> where
/// there is no line.</param>
public readonly record struct TriggerEdge(long Id, MonotonicTime Time, LineEdge Edge, long Sequence);
