using Yolact.Edge.Imaging;
using Yolact.Edge.Vision.Decoding;
using Yolact.Edge.Vision.Masks;

namespace Yolact.Edge.Benchmarks;

/// <summary>
/// What a YOLACT network gives for a crowded picture, made from a seed: 80 classes, 892 priors above the floor (the most in the
/// reference data) around 120 objects, 32 prototypes of 138 x 138 px.
/// </summary>
internal sealed class CrowdedScene
{
    public const int Classes = 80, Kept = 892, Objects = 120, Side = 138, Dimensions = 32;
    private const float Floor = 0.05f;

    public CrowdedScene()
    {
        var random = new Random(20);
        Candidates = new Candidates(Kept);
        Probability = Probabilities(random, out Box[] boxes);
        // Boxes are put in below; decoding them is another stage.
        Candidates.Fill([.. Enumerable.Range(0, Kept).Select(i => (long)i)], Probability, new float[Kept * 4],
            new float[Kept * 4], Floor);
        if (Candidates.Count != Kept)
            throw new InvalidOperationException($"{Candidates.Count} candidates instead of {Kept}");
        boxes.CopyTo(Candidates.Boxes, 0);
        Prototypes = Blobs(random);
        Coefficients = [.. Enumerable.Range(0, Kept * Dimensions).Select(_ => (random.NextSingle() * 2) - 1)];
    }

    public Candidates Candidates { get; }

    /// <summary>[k, C + 1].</summary>
    public float[] Probability { get; }

    /// <summary>[D, H, W] and slack.</summary>
    public float[] Prototypes { get; }

    /// <summary>[k, D].</summary>
    public float[] Coefficients { get; }

    private static float[] Probabilities(Random random, out Box[] boxes)
    {
        float Number() => random.NextSingle();
        var objects = Enumerable.Range(0, Objects)
            .Select(_ => (X: Number(), Y: Number(), Size: 0.05f + (0.25f * Number()), Class: random.Next(Classes)))
            .ToArray();
        var rows = new List<(float[] Scores, Box Box)>();
        for (int i = 0; i < Kept; i++)
        {
            (float x, float y, float size, int own) = objects[i % Objects];
            float Jitter() => (random.NextSingle() - 0.5f) * size * 0.4f;
            float left = x - (size / 2) + Jitter(), top = y - (size / 2) + Jitter();
            var box = new Box(left, top, left + size + Jitter(), top + size + Jitter());
            // A softmax with one strong class, a few alike and a long tail; logits are about normal, as trained networks have
            // them.
            double[] logits = [.. Enumerable.Range(0, Classes + 1).Select(_ => 1.5 * Normal(random))];
            logits[1 + own] += 3 * random.NextDouble();
            logits[0] += 4;
            double sum = logits.Sum(Math.Exp);
            float[] scores = [.. logits.Select(v => (float)(Math.Exp(v) / sum))];
            if (scores[1..].Max() <= Floor)
                scores[1 + own] = Floor + 0.01f;
            rows.Add((scores, box));
        }
        rows.Sort((a, b) => b.Scores[1..].Max().CompareTo(a.Scores[1..].Max()));
        boxes = [.. rows.Select(row => row.Box)];
        return [.. rows.SelectMany(row => row.Scores)];
    }

    private static double Normal(Random random) =>
        Math.Sqrt(-2 * Math.Log(1 - random.NextDouble())) * Math.Cos(2 * Math.PI * random.NextDouble());

    private static float[] Blobs(Random random)
    {
        var planes = new float[(Dimensions * Side * Side) + SoftMask.Slack];
        for (int d = 0; d < Dimensions; d++)
        {
            double fx = random.NextDouble() * 0.3, fy = random.NextDouble() * 0.3, phase = random.NextDouble() * 6;
            for (int i = 0; i < Side * Side; i++)
                planes[(d * Side * Side) + i] = (float)Math.Max(0, 2 * Math.Sin((fx * (i % Side)) + (fy * (i / Side)) + phase));
        }
        return planes;
    }
}
