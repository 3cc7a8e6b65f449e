namespace Yolact.Edge.Evaluation.Metrics;

/// <summary>What matching needs to know of an annotated object.</summary>
/// <param name="Id">The annotation's id.</param>
/// <param name="Area">In px.</param>
/// <param name="IsCrowd">May be matched by any number of detections, none of which then counts.</param>
internal readonly record struct MatchTruth(long Id, double Area, bool IsCrowd);

/// <summary>How the detections of one picture and class fared, a bit for each of the ten IoU thresholds.</summary>
/// <param name="Matched">A truth was found.</param>
/// <param name="Ignored">The detection is neither right nor wrong.</param>
internal readonly record struct MatchBits(ushort Matched, ushort Ignored);

/// <summary>
/// COCO's assignment of detections to truths in one picture and class. In the order of their scores detections take, at each threshold, the
/// truth of highest IoU that is free and not below it (the later of equals); a truth that counts goes before any that is ignored: crowds,
/// and those outside the area limits. A detection that matched an ignored truth, or none while its own area is outside, is ignored as well.
/// </summary>
internal static class Matcher
{
    /// <summary>Matches within one range of areas.</summary>
    /// <param name="truths">The annotated objects [G] in the file's order.</param>
    /// <param name="areas">The detections' areas [D] in px, by falling score.</param>
    /// <param name="ious">IoU [D, G] of the same.</param>
    /// <param name="limits">Least and most area in px.</param>
    /// <param name="results">Takes the outcome [D].</param>
    /// <returns>How many truths count.</returns>
    public static int Match(
        ReadOnlySpan<MatchTruth> truths,
        ReadOnlySpan<double> areas,
        double[,] ious,
        (double Least, double Most) limits,
        Span<MatchBits> results)
    {
        int[] order = new int[truths.Length];
        int counting = 0, ignored = truths.Length;
        for (int g = truths.Length - 1; g >= 0; g--)
        {
            if (IsIgnored(truths[g], limits))
                order[--ignored] = g;
        }
        for (int g = 0; g < truths.Length; g++)
        {
            if (!IsIgnored(truths[g], limits))
                order[counting++] = g;
        }

        results.Clear();
        bool[] taken = new bool[truths.Length];
        for (int t = 0; t < EvaluationLimits.IouThresholds.Length; t++)
        {
            Array.Clear(taken);
            ushort bit = (ushort)(1 << t);
            for (int d = 0; d < areas.Length; d++)
            {
                int match = FindMatch(truths, order, counting, ious, taken, d, Math.Min(EvaluationLimits.IouThresholds[t], 1 - 1e-10));
                bool matched = match >= 0 && truths[order[match]].Id != 0;
                bool skip = match >= counting || (!matched && Outside(areas[d], limits));
                if (match >= 0)
                    taken[match] = true;
                results[d] = new(
                    (ushort)(results[d].Matched | (matched ? bit : 0)), (ushort)(results[d].Ignored | (skip ? bit : 0)));
            }
        }
        return counting;
    }

    /// <summary>Position in <paramref name="order"/> of the truth that a detection takes; -1 where it takes none.</summary>
    private static int FindMatch(
        ReadOnlySpan<MatchTruth> truths, int[] order, int counting, double[,] ious, bool[] taken, int detection, double threshold)
    {
        int match = -1;
        for (int g = 0; g < order.Length; g++)
        {
            if (taken[g] && !truths[order[g]].IsCrowd)
                continue;
            if (g >= counting && match >= 0 && match < counting)
                break;
            double iou = ious[detection, order[g]];
            if (iou < threshold)
                continue;
            threshold = iou;
            match = g;
        }
        return match;
    }

    private static bool IsIgnored(MatchTruth truth, (double Least, double Most) limits) => truth.IsCrowd || Outside(truth.Area, limits);

    private static bool Outside(double area, (double Least, double Most) limits) => area < limits.Least || area > limits.Most;
}
