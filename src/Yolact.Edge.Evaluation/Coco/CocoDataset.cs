using System.Text.Json;

namespace Yolact.Edge.Evaluation.Coco;

/// <summary>Annotated pictures in COCO's format: polygons, both forms of run lengths, crowds.</summary>
public sealed class CocoDataset
{
    private readonly Dictionary<long, CocoImage> _imagesById;
    private readonly Dictionary<long, CocoCategory> _categoriesById;
    private readonly ILookup<long, CocoAnnotation> _annotationsByImage;

    /// <summary>A data set.</summary>
    /// <param name="images">Pictures with ids of their own.</param>
    /// <param name="categories">Classes with ids of their own.</param>
    /// <param name="annotations">Objects of these pictures and classes.</param>
    /// <param name="problems">What was left out on reading and why.</param>
    public CocoDataset(
        IReadOnlyList<CocoImage> images,
        IReadOnlyList<CocoCategory> categories,
        IReadOnlyList<CocoAnnotation> annotations,
        IReadOnlyList<string>? problems = null)
    {
        Images = images;
        Categories = categories;
        Annotations = annotations;
        Problems = problems ?? [];
        _imagesById = images.ToDictionary(image => image.Id);
        _categoriesById = categories.ToDictionary(category => category.Id);
        _annotationsByImage = annotations.ToLookup(annotation => annotation.ImageId);
    }

    /// <summary>The pictures, in the file's order.</summary>
    public IReadOnlyList<CocoImage> Images { get; }

    /// <summary>The classes, in the file's order.</summary>
    public IReadOnlyList<CocoCategory> Categories { get; }

    /// <summary>The objects, in the file's order.</summary>
    public IReadOnlyList<CocoAnnotation> Annotations { get; }

    /// <summary>What was left out on reading, one sentence each.</summary>
    public IReadOnlyList<string> Problems { get; }

    /// <summary>The picture of an id; null where there is none.</summary>
    /// <param name="id">The id.</param>
    public CocoImage? FindImage(long id) => _imagesById.GetValueOrDefault(id);

    /// <summary>The class of an id; null where there is none.</summary>
    /// <param name="id">The id.</param>
    public CocoCategory? FindCategory(long id) => _categoriesById.GetValueOrDefault(id);

    /// <summary>The objects of a picture, in the file's order.</summary>
    /// <param name="imageId">The picture.</param>
    public IEnumerable<CocoAnnotation> AnnotationsOf(long imageId) => _annotationsByImage[imageId];

    /// <summary>Reads a file. Bad entries are left out and listed in <see cref="Problems"/>.</summary>
    /// <param name="path">A COCO instances file.</param>
    /// <param name="cancellationToken">Stops reading.</param>
    /// <exception cref="InvalidDataException">The file is no JSON, or has no pictures or no categories.</exception>
    /// <exception cref="IOException">The file cannot be read.</exception>
    public static async Task<CocoDataset> ReadAsync(string path, CancellationToken cancellationToken = default)
    {
        await using FileStream stream = File.OpenRead(path);
        return await ReadAsync(stream, path, cancellationToken);
    }

    /// <inheritdoc cref="ReadAsync(string, CancellationToken)"/>
    /// <param name="stream">The file's content, UTF-8.</param>
    /// <param name="name">What errors call it.</param>
    /// <param name="cancellationToken">Stops reading.</param>
    public static async Task<CocoDataset> ReadAsync(Stream stream, string name, CancellationToken cancellationToken = default)
    {
        DatasetDocument? document;
        try
        {
            document = await JsonSerializer.DeserializeAsync(stream, CocoJson.Default.DatasetDocument, cancellationToken);
        }
        catch (JsonException error)
        {
            throw new InvalidDataException($"{name} is no COCO data set: {JsonFields.Describe(error)}", error);
        }
        if (document?.Images is not { Count: > 0 } || document.Categories is not { Count: > 0 })
            throw new InvalidDataException($"{name} is no COCO data set: it needs `images` and `categories` with at least one entry each.");

        DatasetChecker checker = new();
        return checker.Check(document);
    }
}
