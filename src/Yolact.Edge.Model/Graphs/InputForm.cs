namespace Yolact.Edge.Model.Graphs;

/// <summary>In what form a graph takes the resized picture.</summary>
public enum InputForm
{
    /// <summary>float32 <c>[1, 3, S, S]</c>, RGB, 0..255, not rounded: what the reference does.</summary>
    Float,

    /// <summary>uint8 <c>[1, S, S, 3]</c>, RGB: for cameras that scale in hardware. Rounding costs up to about .04 of a class probability.</summary>
    Uint8,
}
