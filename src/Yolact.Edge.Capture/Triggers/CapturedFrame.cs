using Yolact.Edge.Capture.Cameras;

namespace Yolact.Edge.Capture.Triggers;

/// <summary>A frame that is to be looked at, and the edge it answers. Whoever receives it owns one reference to its pictures.</summary>
/// <param name="Frame">The pictures.</param>
/// <param name="Edge">The edge; null in free-running capture.</param>
/// <param name="Index">The edge's how-manieth frame, from 0.</param>
/// <param name="Lag">From the edge to the start of the frame's exposure (as far as known: see the frame time's meaning and uncertainty).</param>
/// <param name="Ambiguous">Within the frame time's uncertainty, the frame before or after might be the right one.</param>
public readonly record struct CapturedFrame(CameraFrame Frame, TriggerEdge? Edge = null, int Index = 0, TimeSpan Lag = default, bool Ambiguous = false)
    : IDisposable
{
    /// <summary>Gives the pictures back.</summary>
    public void Dispose() => Frame.Dispose();
}
