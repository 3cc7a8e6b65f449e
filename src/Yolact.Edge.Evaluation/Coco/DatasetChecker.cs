using Yolact.Edge.Imaging;

namespace Yolact.Edge.Evaluation.Coco;

/// <summary>Takes of a file what can be used, completes it, and lists the rest.</summary>
internal sealed class DatasetChecker
{
    private readonly List<string> _problems = [];

    public CocoDataset Check(DatasetDocument document)
    {
        Dictionary<long, CocoImage> images = Unique("image", document.Images, image => image.Id);
        Dictionary<long, CocoCategory> categories = Unique("category", document.Categories, category => category.Id);
        List<CocoAnnotation> annotations = [];
        HashSet<long> ids = [];
        foreach ((int index, Entry<AnnotationDraft> entry) in (document.Annotations ?? []).Index())
        {
            if (entry.Value is not { } draft)
            {
                _problems.Add($"annotations[{index}] is left out: {entry.Problem}");
                continue;
            }
            string name = $"annotations[{index}] (id {draft.Id})";
            if (!images.TryGetValue(draft.ImageId, out CocoImage? image))
                _problems.Add($"{name} is left out: there is no image {draft.ImageId}.");
            else if (!categories.ContainsKey(draft.CategoryId))
                _problems.Add($"{name} is left out: there is no category {draft.CategoryId}.");
            else if (!ids.Add(draft.Id))
                _problems.Add($"{name} is left out: its id is taken.");
            else if (Complete(draft, image, name) is { } annotation)
                annotations.Add(annotation);
        }
        return new CocoDataset([.. images.Values], [.. categories.Values], annotations, _problems);
    }

    private Dictionary<long, T> Unique<T>(string kind, IEnumerable<Entry<T>>? entries, Func<T, long> id)
        where T : class
    {
        Dictionary<long, T> unique = [];
        foreach ((int index, Entry<T> entry) in (entries ?? []).Index())
        {
            if (entry.Value is not { } value)
                _problems.Add($"{kind} at position {index} is left out: {entry.Problem}");
            else if (!unique.TryAdd(id(value), value))
                _problems.Add($"{kind} at position {index} is left out: its id {id(value)} is taken.");
        }
        return unique;
    }

    private CocoAnnotation? Complete(AnnotationDraft draft, CocoImage image, string name)
    {
        if (draft.Id == 0)
            _problems.Add($"{name}: COCO's evaluation takes a match with id 0 for none, so the object can never be found; number from 1.");
        if (draft.Segmentation is null && draft.Box is null)
        {
            _problems.Add($"{name} is left out: it has neither `bbox` nor `segmentation`.");
            return null;
        }

        BinaryMask mask = default;
        try
        {
            if (draft.Segmentation is not null)
                mask = draft.Segmentation.ToMask(image);
        }
        catch (FormatException error)
        {
            _problems.Add($"{name} is left out: {error.Message}");
            return null;
        }
        if (draft.Segmentation is null)
            _problems.Add($"{name} has no `segmentation`: it counts for boxes only.");
        else if (mask.Width != image.Width || mask.Height != image.Height)
            _problems.Add($"{name}: its mask is {mask.Width} x {mask.Height} px, its image {image.Width} x {image.Height} px: no mask will match it.");

        CocoBox box = draft.Box ?? CocoBox.Of(mask.BoundingBox());
        double area = draft.Area ?? (draft.Segmentation is null ? box.Area : mask.Area());
        return new CocoAnnotation(draft.Id, draft.ImageId, draft.CategoryId, box, area, draft.IsCrowd, draft.Segmentation);
    }
}
