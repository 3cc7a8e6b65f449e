namespace Yolact.Edge.Evaluation.Metrics;

/// <summary>All detections of one class and how they fared, and from them precision and recall. Not safe for use from several threads.</summary>
internal sealed class CategoryRecord
{
    /// <summary>A detection's place in its picture's ranking and its outcome for the four ranges of areas.</summary>
    private readonly record struct Outcome(double Score, long ImageId, int Rank, MatchBits All, MatchBits Small, MatchBits Medium, MatchBits Large)
    {
        public MatchBits this[int area] => area switch { 0 => All, 1 => Small, 2 => Medium, _ => Large };
    }

    /// <summary>The distance from 1 to the next number: keeps 0 / 0 from precision, as the published figures' tool does.</summary>
    private const double Epsilon = 2.220446049250313e-16;

    private readonly List<Outcome> _outcomes = [];
    private readonly int[] _counting = new int[EvaluationLimits.Areas.Length];
    private bool _sorted;

    /// <summary>Adds the detections of a picture.</summary>
    /// <param name="imageId">The picture; pictures may come in any order.</param>
    /// <param name="scores">Falling, [D].</param>
    /// <param name="truths">The annotated objects [G] in the file's order.</param>
    /// <param name="areas">The detections' areas [D] in px.</param>
    /// <param name="ious">IoU [D, G].</param>
    public void Add(
        long imageId, ReadOnlySpan<double> scores, ReadOnlySpan<MatchTruth> truths, ReadOnlySpan<double> areas, double[,] ious)
    {
        MatchBits[][] bits = new MatchBits[EvaluationLimits.Areas.Length][];
        for (int area = 0; area < bits.Length; area++)
        {
            bits[area] = new MatchBits[scores.Length];
            _counting[area] += Matcher.Match(truths, areas, ious, EvaluationLimits.Areas[area], bits[area]);
        }
        for (int d = 0; d < scores.Length; d++)
            _outcomes.Add(new(scores[d], imageId, d, bits[0][d], bits[1][d], bits[2][d], bits[3][d]));
        _sorted = false;
    }

    /// <summary>Precision at the 101 recalls, and the highest recall.</summary>
    /// <param name="area">Index of the range of areas.</param>
    /// <param name="threshold">Index of the IoU threshold.</param>
    /// <param name="maxDetections">How many detections of a picture count, by score.</param>
    /// <param name="precision">Takes precision, 0..1, [101]; never rises from one recall to the next.</param>
    /// <returns>Recall, 0..1; null where no truth counts, so that neither is defined.</returns>
    public double? Measure(int area, int threshold, int maxDetections, Span<double> precision)
    {
        int counting = _counting[area];
        if (counting == 0)
            return null;
        Sort();
        List<(double Recall, double Precision)> curve = [];
        int right = 0, wrong = 0;
        foreach (Outcome outcome in _outcomes)
        {
            if (outcome.Rank >= maxDetections)
                continue;
            MatchBits bits = outcome[area];
            if ((bits.Ignored >> threshold & 1) == 0)
            {
                if ((bits.Matched >> threshold & 1) != 0)
                    right++;
                else
                    wrong++;
            }
            curve.Add(((double)right / counting, right / (wrong + right + Epsilon)));
        }
        Read(curve, precision);
        return (double)right / counting;
    }

    /// <summary>The highest precision at this recall or beyond; 0 past the curve's end.</summary>
    private static void Read(List<(double Recall, double Precision)> curve, Span<double> precision)
    {
        precision.Clear();
        double best = 0;
        int recall = precision.Length - 1;
        for (int i = curve.Count - 1; i >= 0; i--)
        {
            // Recalls above the previous point's are first reached here.
            best = Math.Max(best, curve[i].Precision);
            double before = i == 0 ? double.NegativeInfinity : curve[i - 1].Recall;
            for (; recall >= 0 && EvaluationLimits.Recalls[recall] > before; recall--)
            {
                if (EvaluationLimits.Recalls[recall] <= curve[i].Recall)
                    precision[recall] = best;
            }
        }
    }

    /// <summary>By falling score; equal scores by picture, then by rank: the order of a stable sort over pictures in ascending order.</summary>
    private void Sort()
    {
        if (_sorted)
            return;
        _outcomes.Sort((a, b) => b.Score.CompareTo(a.Score) is var byScore and not 0 ? byScore
            : a.ImageId.CompareTo(b.ImageId) is var byImage and not 0 ? byImage
            : a.Rank.CompareTo(b.Rank));
        _sorted = true;
    }
}
