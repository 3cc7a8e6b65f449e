using System.Text.Json.Serialization;

namespace Yolact.Edge.Evaluation.Metrics;

/// <summary>COCO's twelve figures, 0..1 each; -1 where no annotated object counts for one.</summary>
/// <param name="Ap">Average precision over IoU .50:.05:.95.</param>
/// <param name="Ap50">Average precision at IoU .50.</param>
/// <param name="Ap75">Average precision at IoU .75.</param>
/// <param name="ApSmall">Of objects up to 32 x 32 px in area.</param>
/// <param name="ApMedium">Of objects between.</param>
/// <param name="ApLarge">Of objects from 96 x 96 px in area.</param>
/// <param name="Ar1">Average recall over IoU .50:.05:.95 with 1 detection a picture and class.</param>
/// <param name="Ar10">With 10.</param>
/// <param name="Ar100">With 100.</param>
/// <param name="ArSmall">With 100, of small objects.</param>
/// <param name="ArMedium">Of medium ones.</param>
/// <param name="ArLarge">Of large ones.</param>
public sealed record CocoFigures(
    [property: JsonPropertyName("AP")] double Ap,
    [property: JsonPropertyName("AP50")] double Ap50,
    [property: JsonPropertyName("AP75")] double Ap75,
    [property: JsonPropertyName("APs")] double ApSmall,
    [property: JsonPropertyName("APm")] double ApMedium,
    [property: JsonPropertyName("APl")] double ApLarge,
    [property: JsonPropertyName("AR1")] double Ar1,
    [property: JsonPropertyName("AR10")] double Ar10,
    [property: JsonPropertyName("AR100")] double Ar100,
    [property: JsonPropertyName("ARs")] double ArSmall,
    [property: JsonPropertyName("ARm")] double ArMedium,
    [property: JsonPropertyName("ARl")] double ArLarge);
