using Yolact.Edge.Imaging;
using Yolact.Edge.Vision;

namespace Yolact.Edge.Tests.Sources;

/// <summary>What was found in one picture, copied out of the pipeline's memory.</summary>
/// <param name="ClassId">The class.</param>
/// <param name="Score">Class score, times mask IoU where predicted.</param>
/// <param name="Box">In source px.</param>
/// <param name="Area">Of the mask, in px.</param>
/// <param name="Mask">The mask's pixels as coordinates, or their number alone where that is enough.</param>
public sealed record Seen(int ClassId, float Score, Box Box, long Area, long Mask)
{
    /// <summary>Everything that was found, best first.</summary>
    public static Seen[] Of(DetectionList detections)
    {
        var seen = new Seen[detections.Count];
        for (int i = 0; i < seen.Length; i++)
        {
            Detection one = detections[i];
            seen[i] = new Seen(one.ClassId, one.Score, one.Box, one.Mask.Area(), Hash(one.Mask));
        }
        return seen;
    }

    /// <summary>
    /// True where both found the same things: every object of either that is surer than <paramref name="sure"/> has one of its class in the other
    /// whose box overlaps by at least <paramref name="overlap"/> (IoU) and whose score is as sure to <paramref name="score"/>.
    /// </summary>
    public static bool Alike(Seen[] one, Seen[] other, float sure, double overlap, float score) =>
        Covers(one, other, sure, overlap, score) && Covers(other, one, sure, overlap, score);

    private static bool Covers(Seen[] all, Seen[] some, float sure, double overlap, float score) =>
        some.Where(one => one.Score > sure).All(one => all.Any(other =>
            other.ClassId == one.ClassId && Math.Abs(other.Score - one.Score) <= score && IoU(other.Box, one.Box) >= overlap));

    private static double IoU(Box a, Box b)
    {
        double width = Math.Min(a.X2, b.X2) - Math.Max(a.X1, b.X1), height = Math.Min(a.Y2, b.Y2) - Math.Max(a.Y1, b.Y1);
        double both = Math.Max(0, width) * Math.Max(0, height);
        return both / (((a.X2 - a.X1) * (double)(a.Y2 - a.Y1)) + ((b.X2 - b.X1) * (double)(b.Y2 - b.Y1)) - both);
    }

    private static long Hash(BinaryMask mask)
    {
        var hash = new HashCode();
        for (int y = mask.Region.Y; y < mask.Region.Bottom; y++)
        {
            for (int x = mask.Region.X; x < mask.Region.Right; x++)
            {
                if (mask[x, y])
                    hash.Add((y << 16) + x);
            }
        }
        return hash.ToHashCode();
    }
}
