namespace Yolact.Edge.Model.Graphs;

/// <summary>Names of what goes into and comes out of the graphs.</summary>
public static class ModelOutputs
{
    /// <summary>Input: the resized picture, RGB 0..255; float32 <c>[1, 3, S, S]</c> or uint8 <c>[1, S, S, 3]</c>.</summary>
    public const string Image = "image";

    /// <summary>Indices of the candidates among the priors, int64 <c>[k]</c>, best foreground probability first.</summary>
    public const string PriorIndex = "prior_index";

    /// <summary>Class probabilities of the candidates, background first, float32 <c>[k, C + 1]</c>.</summary>
    public const string ClassProbability = "class_probability";

    /// <summary>Box regressions of the candidates, not decoded, float32 <c>[k, 4]</c>.</summary>
    public const string BoxRegression = "box_regression";

    /// <summary>Mask coefficients of the candidates, -1..1, float32 <c>[k, D]</c>.</summary>
    public const string MaskCoefficient = "mask_coefficient";

    /// <summary>Prototypes, at least 0, float32 <c>[1, D, H, W]</c>.</summary>
    public const string Prototype = "prototype";

    /// <summary>
    /// The best foreground probability of the last candidate, float32 <c>[1]</c>: above the score floor it means that priors which should
    /// have been candidates were cut off. 0 where every prior is a candidate.
    /// </summary>
    public const string Overflow = "overflow";

    /// <summary>Input of the re-scoring graph: soft masks cropped to their boxes, float32 <c>[B, 1, H, W]</c>.</summary>
    public const string Mask = "mask";

    /// <summary>Output of the re-scoring graph: predicted mask IoU by class, at least 0, float32 <c>[B, C]</c>.</summary>
    public const string MaskIou = "mask_iou";
}
