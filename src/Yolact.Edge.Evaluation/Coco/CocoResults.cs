using System.Text.Json;

namespace Yolact.Edge.Evaluation.Coco;

/// <summary>Detections in COCO's results format, checked against a data set.</summary>
public sealed class CocoResults
{
    private readonly ILookup<long, CocoResult> _byImage;

    /// <summary>Results.</summary>
    /// <param name="all">The detections in the file's order.</param>
    /// <param name="problems">What was left out on reading and why.</param>
    public CocoResults(IReadOnlyList<CocoResult> all, IReadOnlyList<string>? problems = null)
    {
        All = all;
        Problems = problems ?? [];
        _byImage = all.ToLookup(result => result.ImageId);
        HasBoxes = all.Count > 0 && all[0].Box is not null;
    }

    /// <summary>The detections in the file's order.</summary>
    public IReadOnlyList<CocoResult> All { get; }

    /// <summary>What was left out on reading, one sentence each.</summary>
    public IReadOnlyList<string> Problems { get; }

    /// <summary>
    /// True where the first detection has a box. COCO's tools decide by it for the whole file: with boxes, a detection's area is its box's,
    /// for masks too; without, area and box are the mask's.
    /// </summary>
    public bool HasBoxes { get; }

    /// <summary>The detections of a picture in the file's order.</summary>
    /// <param name="imageId">The picture.</param>
    public IEnumerable<CocoResult> Of(long imageId) => _byImage[imageId];

    /// <summary>Reads a file. Detections of pictures or classes that the data set has not are left out, bad ones too; all are listed.</summary>
    /// <param name="path">A COCO results file: a JSON array.</param>
    /// <param name="dataset">What the detections are of.</param>
    /// <param name="cancellationToken">Stops reading.</param>
    /// <exception cref="InvalidDataException">The file is no JSON array.</exception>
    /// <exception cref="IOException">The file cannot be read.</exception>
    public static async Task<CocoResults> ReadAsync(string path, CocoDataset dataset, CancellationToken cancellationToken = default)
    {
        await using FileStream stream = File.OpenRead(path);
        return await ReadAsync(stream, path, dataset, cancellationToken);
    }

    /// <inheritdoc cref="ReadAsync(string, CocoDataset, CancellationToken)"/>
    /// <param name="stream">The file's content, UTF-8.</param>
    /// <param name="name">What errors call it.</param>
    /// <param name="dataset">What the detections are of.</param>
    /// <param name="cancellationToken">Stops reading.</param>
    public static async Task<CocoResults> ReadAsync(
        Stream stream, string name, CocoDataset dataset, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(dataset);
        List<CocoResult> all = [];
        List<string> problems = [];
        int index = 0;
        try
        {
            await foreach (Entry<CocoResult> entry in
                JsonSerializer.DeserializeAsyncEnumerable(stream, CocoJson.Default.EntryCocoResult, cancellationToken))
            {
                string? problem = entry.Value is { } result ? Check(result, dataset) : entry.Problem;
                if (problem is null)
                    all.Add(entry.Value!);
                else
                    problems.Add($"result {index} is left out: {problem}");
                index++;
            }
        }
        catch (JsonException error)
        {
            throw new InvalidDataException($"{name} is no COCO results file, a JSON array of detections: {JsonFields.Describe(error)}", error);
        }
        return new CocoResults(all, problems);
    }

    private static string? Check(CocoResult result, CocoDataset dataset)
    {
        if (dataset.FindImage(result.ImageId) is not { } image)
            return $"there is no image {result.ImageId}.";
        if (dataset.FindCategory(result.CategoryId) is null)
            return $"there is no category {result.CategoryId}.";
        try
        {
            result.Segmentation?.ToMask(image);
            return null;
        }
        catch (FormatException error)
        {
            return error.Message;
        }
    }
}
