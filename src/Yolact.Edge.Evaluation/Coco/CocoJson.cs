using System.Text.Json.Serialization;

namespace Yolact.Edge.Evaluation.Coco;

/// <summary>The parts of a COCO data set's file that are read.</summary>
internal sealed record DatasetDocument(
    List<Entry<CocoImage>>? Images, List<Entry<CocoCategory>>? Categories, List<Entry<AnnotationDraft>>? Annotations);

/// <summary>COCO's files.</summary>
[JsonSourceGenerationOptions(
    PropertyNamingPolicy = JsonKnownNamingPolicy.SnakeCaseLower,
    AllowTrailingCommas = true,
    ReadCommentHandling = System.Text.Json.JsonCommentHandling.Skip,
    Converters = [typeof(ImageConverter), typeof(CategoryConverter), typeof(AnnotationConverter), typeof(ResultConverter)])]
[JsonSerializable(typeof(DatasetDocument))]
[JsonSerializable(typeof(Entry<CocoResult>))]
internal sealed partial class CocoJson : JsonSerializerContext;
