using System.Collections.Immutable;
using Yolact.Edge.Model.Checkpoints;

namespace Yolact.Edge.Model.Parameters;

/// <summary>One parameter of a network as the reference's checkpoints name it.</summary>
/// <param name="Name">Such as <c>backbone.layers.1.0.conv2.weight</c>.</param>
/// <param name="Shape">Its shape, empty for a scalar; convolutions are <c>[out, in, height, width]</c>.</param>
/// <param name="Type">Type in a checkpoint of the reference: float32, or int64 for the counters of batch norm.</param>
/// <param name="TrainingOnly">True where inference does not need it: a checkpoint may leave it out.</param>
public sealed record ParameterSpec(string Name, ImmutableArray<int> Shape, ElementType Type, bool TrainingOnly)
{
    /// <summary>Number of elements.</summary>
    public int Count => Shape.Aggregate(1, (product, side) => checked(product * side));
}
