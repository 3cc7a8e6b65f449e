using Yolact.Edge.Vision.Engines;
using Yolact.Edge.Vision.Masks;
using Yolact.Edge.Vision.Suppression;

namespace Yolact.Edge.Vision;

/// <summary>What is detected and how.</summary>
public sealed record DetectorOptions
{
    private const int MaxMaxDetections = 3839;

    /// <summary>How the network is run.</summary>
    public EngineOptions Engine { get; init; } = new();

    /// <summary>Only detections whose class probability is above this; 0..1, default 0.15, 0 for all that NMS leaves.</summary>
    public float ScoreThreshold { get; init; } = 0.15f;

    /// <summary>
    /// Of these only detections whose final score (class probability times predicted mask IoU) is at least this; at least 0,
    /// default 0.15 as the reference displays them. Without re-scoring the final score is the class probability.
    /// </summary>
    public float FinalThreshold { get; init; } = 0.15f;

    /// <summary>
    /// Detections a picture at most, the best by final score; 1..3839. Null (default): the network's own limit (100), which
    /// <see cref="NmsMode.CrossClass"/> has not.
    /// </summary>
    public int? MaxDetections { get; init; }

    /// <summary>Which of several boxes on the same object stays.</summary>
    public NmsMode Nms { get; init; } = NmsMode.Fast;

    /// <summary>How finely masks are made.</summary>
    public MaskResolution Masks { get; init; } = MaskResolution.Source;

    /// <summary>Whether masks are re-scored where the network can. Default true.</summary>
    public bool Rescore { get; init; } = true;

    /// <summary>Everything that is wrong, each with its path and what would be right; empty for valid options.</summary>
    /// <param name="path">Where these options stand in their document, such as <c>$.detector</c>.</param>
    public IEnumerable<string> Validate(string path)
    {
        foreach (string error in Engine.Validate(path + ".engine"))
            yield return error;
        if (!(ScoreThreshold is >= 0 and <= 1))
            yield return $"{path}.score_threshold: 0..1, not {ScoreThreshold}";
        if (!(FinalThreshold >= 0))
            yield return $"{path}.final_threshold: at least 0, not {FinalThreshold}";
        if (MaxDetections is < 1 or > MaxMaxDetections)
            yield return $"{path}.max_detections: 1..{MaxMaxDetections}, not {MaxDetections}";
        if (!Enum.IsDefined(Nms))
            yield return $"{path}.nms: one of {string.Join(", ", Enum.GetNames<NmsMode>())}, not {(int)Nms}";
        if (!Enum.IsDefined(Masks))
            yield return $"{path}.masks: one of {string.Join(", ", Enum.GetNames<MaskResolution>())}, not {(int)Masks}";
    }
}
