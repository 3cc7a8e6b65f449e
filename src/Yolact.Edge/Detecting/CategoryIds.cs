using System.Globalization;
using Yolact.Edge.Model.Configs;

namespace Yolact.Edge.Detecting;

/// <summary>Ids by which results name classes and pictures.</summary>
public static class CategoryIds
{
    /// <summary>
    /// The category id of each class: COCO's own (which have gaps) for a network of COCO's classes, else 1, 2, 3, ... in the network's order.
    /// </summary>
    /// <param name="config">The network.</param>
    public static IReadOnlyList<int> Of(YolactConfig config)
    {
        ArgumentNullException.ThrowIfNull(config);
        return config.Classes.SequenceEqual(ClassNames.Coco) ? ClassNames.CocoCategoryIds : [.. Enumerable.Range(1, config.Classes.Count)];
    }

    /// <summary>The id of a picture: the number that its file is called, as in COCO (<c>000000000139.jpg</c>), else its place in the list.</summary>
    /// <param name="path">The file.</param>
    /// <param name="place">1 for the first.</param>
    public static long OfPicture(string path, int place) =>
        long.TryParse(Path.GetFileNameWithoutExtension(path), NumberStyles.None, CultureInfo.InvariantCulture, out long id) ? id : place;
}
