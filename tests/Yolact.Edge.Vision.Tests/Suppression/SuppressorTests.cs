using System.Text.Json;
using CsCheck;
using Yolact.Edge.Imaging;
using Yolact.Edge.Vision.Decoding;
using Yolact.Edge.Vision.Suppression;
using Yolact.Edge.Vision.Tests.Golden;

namespace Yolact.Edge.Vision.Tests.Suppression;

public class SuppressorTests
{
    private const float Floor = 0.05f, Iou = 0.5f;
    private const int InputSize = 550;

    private static readonly float[] Thresholds = [0, 0.05f, 0.15f, 0.5f];

    // Few distinct scores and corners make ties, zero-area boxes and identical boxes common; the spread ones fill the many score
    // bands.
    private static readonly Gen<(Box[] Boxes, float[][] Scores)> Scenes =
        from count in Gen.Int[1, 60]
        from classes in Gen.Int[1, 20]
        from coarse in Gen.Bool
        from seed in Gen.Int
        select Scene(count, classes, coarse, seed);

    [Fact]
    public void Every_mode_equals_its_definition() =>
        Gen.Select(Scenes, Gen.Enum<NmsMode>(), Gen.Int[0, 3].Select(i => Thresholds[i]), Gen.Int[1, 30], Gen.Int[1, 200]).Sample(
            (scene, mode, threshold, topK, most) =>
            {
                (Box[] boxes, float[][] scores) = scene;
                List<SelectedCandidate> expected = Scalar(mode, boxes, scores, topK, threshold, most);
                Assert.Equal(expected, Select(mode, boxes, scores, topK, threshold, most));
            },
            iter: 1500);

    [Fact]
    public void A_suppressor_remembers_nothing_of_the_picture_before()
    {
        var suppressor = new Suppressor(NmsMode.Fast, 10, 200, 100, Iou, Floor, InputSize);
        for (int seed = 0; seed < 20; seed++)
        {
            (Box[] boxes, float[][] scores) = Scene(1 + (seed * 7 % 50), 10, coarse: false, seed);
            (Candidates candidates, float[] probability) = Fill(boxes, scores);
            var selected = new SelectedCandidate[100];
            int count = suppressor.Select(candidates, probability, 0, selected);
            Assert.Equal(ScalarNms.Fast(boxes, scores, 200, Iou, 0, 100), selected[..count]);
        }
    }

    [Theory]
    [InlineData("fast", NmsMode.Fast)]
    [InlineData("cross", NmsMode.CrossClass)]
    [InlineData("traditional", NmsMode.Traditional)]
    public void Selections_equal_the_reference(string name, NmsMode mode)
    {
        JsonElement unit = UnitCases.Case("select");
        (_, float[] priors) = UnitCases.Tensor(unit.GetProperty("priors"));
        (int[] shape, float[] conf) = UnitCases.Tensor(unit.GetProperty("conf"));
        int rows = shape[1], columns = shape[2];
        // The graph gives rows best first; those not above the floor end the list.
        int[] order =
            [.. Enumerable.Range(0, rows).OrderByDescending(i => conf.AsSpan((i * columns) + 1, columns - 1).ToArray().Max())];
        var candidates = new Candidates(rows);
        float[] probability = [.. order.SelectMany(i => conf[(i * columns)..((i + 1) * columns)])];
        candidates.Fill([.. order.Select(i => (long)i)], probability, new float[rows * 4], priors, Floor);
        var selected = new SelectedCandidate[100];
        int count = new Suppressor(mode, columns - 1, 200, 100, Iou, Floor, InputSize)
            .Select(candidates, probability, 0, selected);

        var expected = unit.GetProperty("result").GetProperty(name).EnumerateArray()
            .Select(d => (d.GetProperty("cls").GetInt32(), d.GetProperty("prior").GetInt32(), d.GetProperty("score").GetSingle()))
                .ToHashSet();
        Assert.Equal(expected, selected[..count].Select(s => (s.ClassId, candidates.Prior[s.Candidate], s.Score)).ToHashSet());
        Assert.Equal(expected.Count, count);
    }

    [Fact]
    public void Not_a_number_suppresses_as_the_reference_does()
    {
        // Two boxes without area: their IoU is 0/0, and "NaN at most 0.5" is false, so the second goes, and a third that overlaps
        // nothing stays.
        Box[] boxes = [new(0.3f, 0.3f, 0.3f, 0.3f), new(0.6f, 0.6f, 0.6f, 0.6f), new(0.1f, 0.1f, 0.2f, 0.2f)];
        float[][] scores = [[0.9f], [0.8f], [0.7f]];
        Assert.Equal([0, 2], Select(NmsMode.Fast, boxes, scores, 200, 0, 100).Select(s => s.Candidate));
    }

    [Fact]
    public void No_candidate_no_detection()
    {
        var candidates = new Candidates(4);
        candidates.Fill([0, 1, 2, 3], new float[12], new float[16], new float[16], Floor);
        Assert.Equal(0, candidates.Count);
        Assert.Equal(0, new Suppressor(NmsMode.Fast, 2, 200, 100, Iou, Floor, InputSize)
            .Select(candidates, new float[12], 0, new SelectedCandidate[100]));
    }

    private static List<SelectedCandidate> Scalar(
        NmsMode mode, Box[] boxes, float[][] scores, int topK, float threshold, int most) =>
        mode switch
        {
            NmsMode.Fast => ScalarNms.Fast(boxes, scores, topK, Iou, threshold, most),
            NmsMode.CrossClass => ScalarNms.CrossClass(boxes, scores, topK, Iou, threshold, most),
            _ => ScalarNms.Traditional(boxes, scores, Iou, Floor, InputSize, threshold, most),
        };

    private static SelectedCandidate[] Select(NmsMode mode, Box[] boxes, float[][] scores, int topK, float threshold, int most)
    {
        (Candidates candidates, float[] probability) = Fill(boxes, scores);
        var selected = new SelectedCandidate[most];
        int count = new Suppressor(mode, scores[0].Length, topK, most, Iou, Floor, InputSize)
            .Select(candidates, probability, threshold, selected);
        return selected[..count];
    }

    // Boxes go in as they are: candidates are filled by hand.
    private static (Candidates Candidates, float[] Probability) Fill(Box[] boxes, float[][] scores)
    {
        int columns = scores[0].Length + 1;
        int[] order = [.. Enumerable.Range(0, boxes.Length).OrderByDescending(i => scores[i].Max())];
        float[] probability = [.. order.SelectMany(i => scores[i].Prepend(0))];
        var candidates = new Candidates(boxes.Length);
        candidates.Fill([.. order.Select(i => (long)i)], probability, new float[boxes.Length * 4], new float[boxes.Length * 4],
            -1);
        Assert.Equal(boxes.Length, candidates.Count);
        Assert.Equal(columns * boxes.Length, probability.Length);
        boxes.CopyTo(candidates.Boxes, 0);
        return (candidates, probability);
    }

    private static (Box[] Boxes, float[][] Scores) Scene(int count, int classes, bool coarse, int seed)
    {
        var random = new Random(seed);
        float Coordinate() => coarse ? random.Next(0, 5) / 4f : random.NextSingle();
        Box RandomBox()
        {
            float x1 = Coordinate(), x2 = Coordinate(), y1 = Coordinate(), y2 = Coordinate();
            return new(Math.Min(x1, x2), Math.Min(y1, y2), Math.Max(x1, x2), Math.Max(y1, y2));
        }
        Box[] boxes = [.. Enumerable.Range(0, count).Select(_ => RandomBox())];
        float[][] scores =
        [
            .. Enumerable.Range(0, count).Select(_ => Enumerable.Range(0, classes)
                .Select(_ => coarse ? random.Next(0, 6) / 8f : MathF.Pow(2, -random.NextSingle() * 40)).ToArray()),
        ];
        return (boxes, scores);
    }
}
