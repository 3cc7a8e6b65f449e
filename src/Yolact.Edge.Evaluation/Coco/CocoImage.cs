namespace Yolact.Edge.Evaluation.Coco;

/// <summary>A picture of a data set.</summary>
/// <param name="Id">What annotations and results name it by.</param>
/// <param name="Width">Columns in px, at least 1.</param>
/// <param name="Height">Rows in px, at least 1.</param>
/// <param name="FileName">Path of the picture below the data set's folder of pictures; empty where the data set names none.</param>
public sealed record CocoImage(long Id, int Width, int Height, string FileName);
