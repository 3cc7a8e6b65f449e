namespace Yolact.Edge.Evaluation.Coco;

/// <summary>A detection as COCO's results format has it: a box, a mask, or both.</summary>
/// <param name="ImageId">The picture.</param>
/// <param name="CategoryId">The class.</param>
/// <param name="Score">What detections are ranked by.</param>
/// <param name="Box">In px; null where the file has none.</param>
/// <param name="Segmentation">The mask; null where the file has none.</param>
public sealed record CocoResult(long ImageId, long CategoryId, double Score, CocoBox? Box, CocoSegmentation? Segmentation);
