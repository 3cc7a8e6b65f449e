namespace Yolact.Edge.Evaluation.Coco;

/// <summary>An annotated object, or a crowd of them.</summary>
/// <param name="Id">Unique in the data set, not 0.</param>
/// <param name="ImageId">The picture.</param>
/// <param name="CategoryId">The class.</param>
/// <param name="Box">From the file, else the mask's bounding box; in px.</param>
/// <param name="Area">From the file, else the mask's or the box's; in px. Area limits go by it.</param>
/// <param name="IsCrowd">A region of uncounted objects: detections in it are neither right nor wrong.</param>
/// <param name="Segmentation">The mask; null where the file has none.</param>
public sealed record CocoAnnotation(
    long Id, long ImageId, long CategoryId, CocoBox Box, double Area, bool IsCrowd, CocoSegmentation? Segmentation);
