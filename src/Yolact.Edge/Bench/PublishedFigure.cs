namespace Yolact.Edge.Bench;

/// <summary>One figure that others published.</summary>
/// <param name="Method">Of which method.</param>
/// <param name="Backbone">With which backbone, at 550 px.</param>
/// <param name="Machine">On what.</param>
/// <param name="Fps">Frames a second.</param>
/// <param name="MaskAp">Mask AP on COCO test-dev, in per cent.</param>
/// <param name="Source">Where it stands.</param>
public sealed record PublishedFigure(string Method, string Backbone, string Machine, double Fps, double MaskAp, string Source)
{
    private const string Plus = "YOLACT++, arXiv 1912.06218";
    private const string Edge = "YolactEdge, arXiv 2012.12259 and the authors' model zoo";

    /// <summary>What the two papers state, to be seen beside what was measured here. No YOLACT++ figure of a Jetson is published.</summary>
    public static IReadOnlyList<PublishedFigure> All { get; } =
    [
        new("YOLACT++", "R-50-FPN", "Titan Xp", 33.5, 34.1, Plus),
        new("YOLACT++", "R-101-FPN", "Titan Xp", 27.3, 34.6, Plus),
        new("YOLACT", "R-50-FPN", "Titan Xp", 42.5, 28.2, Edge),
        new("YOLACT", "R-101-FPN", "Titan Xp", 33.5, 29.8, Edge),
        new("YOLACT", "R-50-FPN", "Jetson AGX Xavier", 9.1, 28.2, Edge),
        new("YOLACT", "R-101-FPN", "Jetson AGX Xavier", 6.6, 29.8, Edge),
        new("YolactEdge", "R-50-FPN", "Jetson AGX Xavier", 30.7, 27.0, Edge),
        new("YolactEdge", "R-101-FPN", "Jetson AGX Xavier", 27.3, 29.5, Edge),
        new("YolactEdge", "R-50-FPN", "RTX 2080 Ti", 140.3, 27.0, Edge),
        new("YolactEdge", "R-101-FPN", "RTX 2080 Ti", 124.8, 29.5, Edge),
    ];
}
