using System.Text.Json.Serialization;

namespace Yolact.Edge.Model.Configs;

/// <summary>
/// Everything that tells one YOLACT or YOLACT++ network from another. The named networks of the papers are values of this record
/// (<see cref="NamedConfigs"/>), and so is any custom one, read from JSON.
/// </summary>
public sealed record YolactConfig
{
    /// <summary>Name of the network: lower-case letters, digits, <c>_</c> and <c>-</c>.</summary>
    public required string Name { get; init; }

    /// <summary>Side S of the square network input, in px; 32..2048.</summary>
    public int InputSize { get; init; } = 550;

    /// <summary>What is done to 0..255 RGB values before the first convolution.</summary>
    public Normalization Normalization { get; init; } = Normalization.MeanStd;

    /// <summary>The feature extractor.</summary>
    public required BackboneConfig Backbone { get; init; }

    /// <summary>The feature pyramid.</summary>
    public PyramidConfig Pyramid { get; init; } = new();

    /// <summary>The prototype network.</summary>
    public PrototypeConfig Prototypes { get; init; } = new();

    /// <summary>The priors (anchors).</summary>
    public required AnchorConfig Anchors { get; init; }

    /// <summary>The mask re-scoring network of YOLACT++; null where there is none.</summary>
    public MaskRescoringConfig? MaskRescoring { get; init; }

    /// <summary>How detections are chosen.</summary>
    public SelectionConfig Selection { get; init; } = new();

    /// <summary>Names of the classes without background, in the network's order; at least one.</summary>
    public required IReadOnlyList<string> Classes { get; init; }

    /// <summary>Classes plus background (index 0 of the network's class probabilities).</summary>
    [JsonIgnore]
    public int ClassesWithBackground => Classes.Count + 1;
}

/// <summary>What is done to the picture's 0..255 RGB values before the first convolution.</summary>
public enum Normalization
{
    /// <summary>(v - mean) / std with the reference's own constants (config.py:27-29 of dbolya/yolact).</summary>
    MeanStd,

    /// <summary>v / 255 (Darknet).</summary>
    Unit,
}

/// <summary>The feature pyramid (FPN).</summary>
public sealed record PyramidConfig
{
    /// <summary>Channels of every level.</summary>
    public int Channels { get; init; } = 256;

    /// <summary>Stride-2 levels added above the deepest backbone stage (P6, P7).</summary>
    public int ExtraLevels { get; init; } = 2;
}

/// <summary>The prototype network (protonet): three 3x3 convolutions, a 2x upsampling, a 3x3 and a 1x1 convolution on P3.</summary>
public sealed record PrototypeConfig
{
    /// <summary>Number of prototypes, and of mask coefficients a prior.</summary>
    public int Count { get; init; } = 32;

    /// <summary>Channels of the convolutions between.</summary>
    public int Channels { get; init; } = 256;
}

/// <summary>The mask re-scoring network: stride-2 3x3 convolutions without padding on the cropped soft mask, then 1x1 to the classes and a global maximum.</summary>
public sealed record MaskRescoringConfig
{
    /// <summary>Output channels of each stride-2 convolution.</summary>
    public IReadOnlyList<int> Channels { get; init; } = [8, 16, 32, 64, 128];
}

/// <summary>How detections are chosen from the priors (layers/functions/detection.py of dbolya/yolact).</summary>
public sealed record SelectionConfig
{
    /// <summary>A prior is considered where its best foreground probability is above this; 0..1.</summary>
    public float ScoreFloor { get; init; } = 0.05f;

    /// <summary>Boxes of one class that overlap a better one by more than this IoU are suppressed; 0..1.</summary>
    public float NmsIou { get; init; } = 0.5f;

    /// <summary>Priors a class that take part in NMS, best first.</summary>
    public int NmsTopK { get; init; } = 200;

    /// <summary>Detections a picture at most.</summary>
    public int MaxDetections { get; init; } = 100;
}
