using System.Text.Json.Serialization;

namespace Yolact.Edge.Simulation.Dataset;

/// <summary>A data set in COCO's format: <c>annotations.json</c>.</summary>
/// <param name="Info">Where it comes from.</param>
/// <param name="Images">Its pictures.</param>
/// <param name="Annotations">Its instances.</param>
/// <param name="Categories">Its classes, ids from 1.</param>
public sealed record CocoDocument(
    CocoInfo Info, IReadOnlyList<CocoImage> Images, IReadOnlyList<CocoAnnotation> Annotations,
    IReadOnlyList<CocoCategory> Categories);

/// <summary>Where a data set comes from.</summary>
/// <param name="Description">In words.</param>
/// <param name="Seed">The seed that makes it again.</param>
public sealed record CocoInfo(string Description, ulong Seed);

/// <summary>A picture.</summary>
/// <param name="Id">From 1.</param>
/// <param name="FileName">Within <c>images/</c>.</param>
/// <param name="Width">Columns, px.</param>
/// <param name="Height">Rows, px.</param>
public sealed record CocoImage(int Id, string FileName, int Width, int Height);

/// <summary>An instance.</summary>
/// <param name="Id">From 1.</param>
/// <param name="ImageId">Its picture.</param>
/// <param name="CategoryId">Its class.</param>
/// <param name="Bbox">x, y, width and height of the visible px' box.</param>
/// <param name="Area">Count of visible px.</param>
/// <param name="Segmentation">The visible px.</param>
/// <param name="Iscrowd">0: a single instance.</param>
public sealed record CocoAnnotation(
    int Id, int ImageId, int CategoryId, IReadOnlyList<int> Bbox, int Area, CocoRle Segmentation, int Iscrowd);

/// <summary>A mask as compressed run lengths.</summary>
/// <param name="Size">Rows, then columns, of the picture.</param>
/// <param name="Counts">The compressed run lengths.</param>
public sealed record CocoRle(IReadOnlyList<int> Size, string Counts);

/// <summary>A class.</summary>
/// <param name="Id">From 1, in the order of the model's classes.</param>
/// <param name="Name">Its name.</param>
/// <param name="Supercategory">The group it belongs to.</param>
public sealed record CocoCategory(int Id, string Name, string Supercategory);

/// <summary>Reads and writes <see cref="CocoDocument"/>.</summary>
[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.SnakeCaseLower)]
[JsonSerializable(typeof(CocoDocument))]
public sealed partial class CocoDocumentJson : JsonSerializerContext;
