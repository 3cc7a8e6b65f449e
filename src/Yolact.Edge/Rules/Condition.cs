using Yolact.Edge.Imaging;

namespace Yolact.Edge.Rules;

/// <summary>A condition, made ready for a model's classes.</summary>
internal sealed class Condition
{
    private readonly float[] _minScores;
    private readonly ConditionOptions _options;
    private readonly Zone? _zone;

    /// <param name="options">Valid options.</param>
    /// <param name="labels">The model's classes.</param>
    public Condition(ConditionOptions options, IReadOnlyList<string> labels)
    {
        _options = options;
        _zone = options.Zone is { } corners ? new Zone(corners) : null;
        // One number a class is the whole label and score test: a class that does not count has a least score that none reaches.
        _minScores = [.. labels.Select(label =>
            options.Labels.Count > 0 && !options.Labels.Contains(label) ? float.PositiveInfinity
            : options.Scores.TryGetValue(label, out float score) ? score : options.MinScore)];
    }

    public bool Counts(in Detection detection, int width, int height)
    {
        if ((uint)detection.ClassId >= (uint)_minScores.Length || !(detection.Score >= _minScores[detection.ClassId]))
            return false;
        (double unitX, double unitY) = _options.Unit == RuleUnit.Fraction ? (width, height) : (1d, 1d);
        double area = AreaOf(detection, width, height) / (unitX * unitY);
        if (!(area >= _options.MinArea) || area > _options.MaxArea)
            return false;
        Box box = detection.Box;
        return _zone is null || _zone.Contains((box.X1 + box.X2) / 2 / unitX, (box.Y1 + box.Y2) / 2 / unitY);
    }

    public bool Holds(int count) => count >= _options.MinCount && !(count > _options.MaxCount);

    // In px of the source picture; a mask at prototype resolution is scaled up, an object without mask counts as its box.
    private static double AreaOf(in Detection detection, int width, int height)
    {
        BinaryMask mask = detection.Mask;
        return mask.Width == 0 ? Math.Max(0d, detection.Box.Width) * Math.Max(0d, detection.Box.Height)
            : mask.Area() * ((double)width * height / ((double)mask.Width * mask.Height));
    }
}
