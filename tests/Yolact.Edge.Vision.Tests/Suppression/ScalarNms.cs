using Yolact.Edge.Imaging;
using Yolact.Edge.Vision.Suppression;

namespace Yolact.Edge.Vision.Tests.Suppression;

/// <summary>
/// The three kinds of suppression as their definitions read: whole matrices, whole sorts. Candidates are in order of their
/// priors; equal scores are ordered by class, then by prior.
/// </summary>
internal static class ScalarNms
{
    // boxes: of the candidates, relative; scores: [candidate][class].
    public static List<SelectedCandidate> Fast(Box[] boxes, float[][] scores, int topK, float iou, float threshold, int most)
    {
        var all = new List<SelectedCandidate>();
        for (int c = 0; c < scores[0].Length; c++)
        {
            int[] order = [.. Enumerable.Range(0, boxes.Length).OrderByDescending(i => scores[i][c]).ThenBy(i => i).Take(topK)];
            all.AddRange(Survivors(order, boxes, iou).Select(i => new SelectedCandidate(i, c, scores[i][c])));
        }
        return Best(all, threshold, most);
    }

    public static List<SelectedCandidate> CrossClass(Box[] boxes, float[][] scores, int topK, float iou, float threshold,
        int most)
    {
        SelectedCandidate[] pairs =
            [.. scores.Select((row, i) => new SelectedCandidate(i, Array.IndexOf(row, row.Max()), row.Max()))];
        int[] order = [.. pairs.OrderByDescending(p => p.Score).ThenBy(p => p.ClassId).ThenBy(p => p.Candidate).Take(topK)
            .Select(p => p.Candidate)];
        return Best([.. Survivors(order, boxes, iou).Select(i => pairs[i])], threshold, most);
    }

    public static List<SelectedCandidate> Traditional(
        Box[] boxes, float[][] scores, float iou, float floor, int inputSize, float threshold, int most)
    {
        Box[] pixels = [.. boxes.Select(b => new Box(b.X1 * inputSize, b.Y1 * inputSize, b.X2 * inputSize, b.Y2 * inputSize))];
        var all = new List<SelectedCandidate>();
        for (int c = 0; c < scores[0].Length; c++)
        {
            var order = Enumerable.Range(0, boxes.Length).Where(i => scores[i][c] > floor).OrderByDescending(i => scores[i][c])
                .ThenBy(i => i).ToList();
            while (order.Count > 0)
            {
                int best = order[0];
                all.Add(new(best, c, scores[best][c]));
                order.RemoveAll(i => i == best || IouWithEdges(pixels[best], pixels[i]) >= iou);
            }
        }
        return Best(all, threshold, most);
    }

    private static IEnumerable<int> Survivors(int[] order, Box[] boxes, float iou) =>
        order.Where((candidate, j) => Enumerable.Range(0, j).All(i => Box.Iou(boxes[order[i]], boxes[candidate]) <= iou));

    private static List<SelectedCandidate> Best(List<SelectedCandidate> all, float threshold, int most) =>
    [
        .. all.Where(p => threshold <= 0 || p.Score > threshold)
            .OrderByDescending(p => p.Score).ThenBy(p => p.ClassId).ThenBy(p => p.Candidate).Take(most),
    ];

    private static float IouWithEdges(Box a, Box b)
    {
        float w = Math.Max(0, Math.Min(a.X2, b.X2) - Math.Max(a.X1, b.X1) + 1);
        float h = Math.Max(0, Math.Min(a.Y2, b.Y2) - Math.Max(a.Y1, b.Y1) + 1);
        float inter = w * h;
        float areaA = (a.X2 - a.X1 + 1) * (a.Y2 - a.Y1 + 1), areaB = (b.X2 - b.X1 + 1) * (b.Y2 - b.Y1 + 1);
        return inter / (areaA + areaB - inter);
    }
}
