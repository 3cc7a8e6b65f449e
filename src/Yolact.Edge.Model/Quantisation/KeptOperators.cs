namespace Yolact.Edge.Model.Quantisation;

/// <summary>Operators that stay in floats, and why.</summary>
/// <param name="Operator">ONNX operator.</param>
/// <param name="Count">Nodes.</param>
/// <param name="Reason">Why, without a full stop.</param>
public sealed record KeptOperators(string Operator, int Count, string Reason)
{
    /// <summary>One line.</summary>
    public override string ToString() => $"{Count} x {Operator}: {Reason}";
}
