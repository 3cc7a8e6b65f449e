namespace Yolact.Edge.Models;

/// <summary>A checkpoint that the authors of YOLACT publish.</summary>
/// <param name="Name">Name of the network's config.</param>
/// <param name="File">File in the authors' repository of that network.</param>
public sealed record OfficialModel(string Name, string File)
{
    private const string Owner = "dbolya";

    /// <summary>All of them.</summary>
    public static IReadOnlyList<OfficialModel> All { get; } =
    [
        new("yolact_plus_resnet50", "yolact_plus_resnet50_54_800000.pth"),
        new("yolact_plus_base", "yolact_plus_base_54_800000.pth"),
        new("yolact_base", "yolact_base_54_800000.pth"),
        new("yolact_resnet50", "yolact_resnet50_54_800000.pth"),
        new("yolact_darknet53", "yolact_darknet53_54_800000.pth"),
        new("yolact_im700", "yolact_im700_54_800000.pth"),
    ];

    /// <summary>The one of that name, or null. Hyphens count as underscores.</summary>
    /// <param name="name">Such as <c>yolact_plus_resnet50</c>.</param>
    public static OfficialModel? Find(string name)
    {
        ArgumentNullException.ThrowIfNull(name);
        return All.FirstOrDefault(model => model.Name == name.Replace('-', '_'));
    }

    /// <summary>Where the file is.</summary>
    /// <param name="endpoint">The hub, such as <c>https://huggingface.co</c>.</param>
    public Uri Address(Uri endpoint)
    {
        ArgumentNullException.ThrowIfNull(endpoint);
        return new Uri($"{endpoint.AbsoluteUri.TrimEnd('/')}/{Owner}/{Name.Replace('_', '-')}/resolve/main/{File}");
    }
}
