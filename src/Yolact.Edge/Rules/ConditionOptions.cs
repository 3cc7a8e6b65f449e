namespace Yolact.Edge.Rules;

/// <summary>What areas and zones are given in.</summary>
public enum RuleUnit
{
    /// <summary>Pixels of the source picture.</summary>
    Px,

    /// <summary>Shares of the source picture: areas of its area, zone corners of its width and height, 0..1.</summary>
    Fraction,
}

/// <summary>Which objects count, and how many of them there have to be.</summary>
public sealed record ConditionOptions
{
    /// <summary>The most corners of a zone.</summary>
    public const int MaxZoneCorners = 64;

    private const double MaxPixels = 32768d * 32768d;

    /// <summary>Labels that count; empty (the default) for all.</summary>
    public IReadOnlyList<string> Labels { get; init; } = [];

    /// <summary>The least score of an object, 0..1000. Default 0. Scores of re-scored objects may exceed 1.</summary>
    public float MinScore { get; init; }

    /// <summary>The least score of single labels, instead of <see cref="MinScore"/>, each 0..1000. Default none.</summary>
    public IReadOnlyDictionary<string, float> Scores { get; init; } = new Dictionary<string, float>();

    /// <summary>The least area of an object's mask (of its box, where it has no mask), at least 0. Default 0.</summary>
    public double MinArea { get; init; }

    /// <summary>The greatest area; null (the default) for any.</summary>
    public double? MaxArea { get; init; }

    /// <summary>
    /// A polygon of 3 to 64 corners, each [x, y]; objects whose box has its centre inside count. Null (the default) for the whole
    /// picture. Edges may cross: inside is what an even-odd rule says.
    /// </summary>
    public IReadOnlyList<IReadOnlyList<double>>? Zone { get; init; }

    /// <summary>Unit of areas and zone. Default <see cref="RuleUnit.Px"/>.</summary>
    public RuleUnit Unit { get; init; } = RuleUnit.Px;

    /// <summary>The least number of objects, 0..3839. Default 1.</summary>
    public int MinCount { get; init; } = 1;

    /// <summary>The greatest number of objects, at least <see cref="MinCount"/>; null (the default) for any. 0 asks for an empty picture.</summary>
    public int? MaxCount { get; init; }

    /// <summary>Reports everything that is wrong.</summary>
    /// <param name="pointer">JSON pointer of these options.</param>
    /// <param name="report">Receives the pointer of each wrong member and what would be right.</param>
    public void Validate(string pointer, Action<string, string> report)
    {
        ArgumentNullException.ThrowIfNull(report);
        for (int i = 0; i < (Labels?.Count ?? 0); i++)
        {
            if (string.IsNullOrWhiteSpace(Labels![i]))
                report($"{pointer}/labels/{i}", "a label of the model");
        }
        if (!(MinScore is >= 0 and <= 1000))
            report($"{pointer}/min_score", $"0 to 1000, not {MinScore}");
        foreach ((string label, float score) in Scores ?? new Dictionary<string, float>())
        {
            if (!(score is >= 0 and <= 1000))
                report($"{pointer}/scores/{label}", $"0 to 1000, not {score}");
            if (Labels is { Count: > 0 } && !Labels.Contains(label))
                report($"{pointer}/scores/{label}", "a label that labels name too");
        }
        double most = Unit == RuleUnit.Fraction ? 1 : MaxPixels;
        if (!(MinArea >= 0 && MinArea <= most))
            report($"{pointer}/min_area", $"0 to {most} in this unit, not {MinArea}");
        if (MaxArea is { } area && !(area >= MinArea && area <= most))
            report($"{pointer}/max_area", $"min_area ({MinArea}) to {most} in this unit, not {area}");
        ValidateZone(pointer, report);
        if (MinCount is < 0 or > 3839)
            report($"{pointer}/min_count", $"0 to 3839, not {MinCount}");
        if (MaxCount is { } count && (count < MinCount || count > 3839))
            report($"{pointer}/max_count", $"min_count ({MinCount}) to 3839, not {count}");
    }

    private void ValidateZone(string pointer, Action<string, string> report)
    {
        if (Zone is null)
            return;
        if (Zone.Count is < 3 or > MaxZoneCorners)
            report($"{pointer}/zone", $"3 to {MaxZoneCorners} corners, not {Zone.Count}");
        double most = Unit == RuleUnit.Fraction ? 1 : 32768;
        for (int i = 0; i < Zone.Count; i++)
        {
            if (Zone[i] is not { Count: 2 } corner || corner.Any(value => !(value >= 0 && value <= most)))
                report($"{pointer}/zone/{i}", $"[x, y], each 0 to {most} in this unit");
        }
    }
}
