namespace Yolact.Edge.Model.Checkpoints.Pickling;

/// <summary>A pickle's program is wrong in itself.</summary>
/// <param name="problem">Completes "the pickle ...".</param>
internal sealed class PickleFault(string problem) : Exception(problem);
