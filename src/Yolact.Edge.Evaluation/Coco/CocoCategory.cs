namespace Yolact.Edge.Evaluation.Coco;

/// <summary>A class of objects.</summary>
/// <param name="Id">What annotations and results name it by; need not be consecutive.</param>
/// <param name="Name">For people.</param>
public sealed record CocoCategory(long Id, string Name);
