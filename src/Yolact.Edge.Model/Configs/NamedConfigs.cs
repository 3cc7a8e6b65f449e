namespace Yolact.Edge.Model.Configs;

/// <summary>The networks that the YOLACT and YOLACT++ papers published, by the names of their configurations.</summary>
public static class NamedConfigs
{
    private static readonly int[] Resnet50 = [3, 4, 6, 3];
    private static readonly int[] Resnet101 = [3, 4, 23, 3];
    private static readonly double[] BaseSizes = [24, 48, 96, 192, 384];

    private static readonly YolactConfig Base = new()
    {
        Name = "yolact_base",
        Backbone = new BackboneConfig { Blocks = Resnet101 },
        Anchors = new AnchorConfig { Scales = OnePerLevel(BaseSizes), Square = true },
        Classes = ClassNames.Coco,
    };

    private static readonly YolactConfig PlusBase = Base with
    {
        Name = "yolact_plus_base",
        Backbone = new BackboneConfig
        {
            Blocks = Resnet101,
            Deformable = new DeformableConfig { Layers = [0, 4, 23, 3], Interval = 3 },
        },
        Anchors = new AnchorConfig { Scales = ThreePerOctave(BaseSizes) },
        MaskRescoring = new MaskRescoringConfig(),
    };

    /// <summary>All of them.</summary>
    public static IReadOnlyList<YolactConfig> All { get; } =
    [
        Base,
        Base with { Name = "yolact_im400", InputSize = 400, Anchors = Resized(400) },
        Base with { Name = "yolact_im700", InputSize = 700, Anchors = Resized(700) },
        Base with
        {
            Name = "yolact_darknet53",
            Normalization = Normalization.Unit,
            Backbone = new BackboneConfig { Kind = BackboneKind.Darknet, Blocks = [1, 2, 8, 8, 4], SelectedStages = [2, 3, 4] },
        },
        Base with { Name = "yolact_resnet50", Backbone = new BackboneConfig { Blocks = Resnet50 } },
        Base with
        {
            Name = "yolact_resnet50_pascal",
            Backbone = new BackboneConfig { Blocks = Resnet50 },
            Anchors = new AnchorConfig { Scales = OnePerLevel([32, 64, 128, 256, 512]) },
            Classes = ClassNames.Pascal,
        },
        PlusBase,
        PlusBase with
        {
            Name = "yolact_plus_resnet50",
            Backbone = new BackboneConfig { Blocks = Resnet50, Deformable = new DeformableConfig { Layers = [0, 4, 6, 3] } },
        },
    ];

    /// <summary>The config of that name, or null.</summary>
    /// <param name="name">Such as <c>yolact_plus_resnet50</c>.</param>
    public static YolactConfig? Find(string name) => All.FirstOrDefault(config => config.Name == name);

    /// <summary>One anchor size a level.</summary>
    /// <param name="sizes">In px of the network input, P3 first.</param>
    public static IReadOnlyList<IReadOnlyList<double>> OnePerLevel(IReadOnlyList<double> sizes) =>
        [.. sizes.Select(size => (IReadOnlyList<double>)[size])];

    /// <summary>Three anchor sizes a level, a third of an octave apart, as YOLACT++ has them: size * 2^(j/3).</summary>
    /// <param name="sizes">In px of the network input, P3 first.</param>
    public static IReadOnlyList<IReadOnlyList<double>> ThreePerOctave(IReadOnlyList<double> sizes) =>
        [.. sizes.Select(size => (IReadOnlyList<double>)[size, size * Math.Pow(2, 1 / 3.0), size * Math.Pow(2, 2 / 3.0)])];

    // The reference truncates the rescaled sizes to whole pixels (config.py:711, 721).
    private static AnchorConfig Resized(int size) =>
        new() { Scales = OnePerLevel([.. BaseSizes.Select(s => (double)(int)(s / 550 * size))]), Square = true };
}
