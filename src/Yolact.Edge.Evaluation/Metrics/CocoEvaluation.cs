using System.Text.Json.Serialization;

namespace Yolact.Edge.Evaluation.Metrics;

/// <summary>How good detections are: masks and boxes, over all classes and for each.</summary>
/// <param name="Segm">Masks.</param>
/// <param name="Bbox">Boxes.</param>
/// <param name="PerClass">By category id, in ascending order.</param>
public sealed record CocoEvaluation(CocoFigures Segm, CocoFigures Bbox, IReadOnlyDictionary<string, ClassEvaluation> PerClass);

/// <summary>How good the detections of one class are.</summary>
/// <param name="Name">The class.</param>
/// <param name="Segm">Masks.</param>
/// <param name="Bbox">Boxes.</param>
public sealed record ClassEvaluation(string Name, CocoFigures Segm, CocoFigures Bbox);

/// <summary>Figures as JSON.</summary>
[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.SnakeCaseLower, WriteIndented = true)]
[JsonSerializable(typeof(CocoEvaluation))]
public sealed partial class EvaluationJson : JsonSerializerContext;
