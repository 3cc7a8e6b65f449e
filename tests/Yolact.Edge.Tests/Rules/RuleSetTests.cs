using CsCheck;
using Yolact.Edge.Imaging;
using Yolact.Edge.Rules;

namespace Yolact.Edge.Tests.Rules;

public sealed class RuleSetTests
{
    private static readonly string[] Labels = ["nut", "washer", "bolt"];

    // In steps, off every bound by a tenth of one: on a bound, single and double precision may differ.
    private static readonly Gen<Detection> AnyDetection = Gen.Select(Gen.Int[0, 3], Steps(100, 0.01f), Steps(150, 0.01f), Gen.Bool, Steps(200, 0.5f), Steps(120, 0.5f), Steps(60, 0.5f),
        (id, score, iou, rescored, x, y, side) => new Detection(id, score, rescored ? iou : float.NaN, new Box(x, y, x + side, y + side), 0, default));

    private static readonly Gen<ConditionOptions> AnyCondition = Gen.Select(
        Gen.Int[0, 2].Select(i => Labels[i]).HashSet[0, 3], Gen.Int[0, 100].Select(n => n / 100f), Gen.Bool, Gen.Int[0, 800].Select(n => n / 4.0), Gen.Int[0, 2000].Select(n => n / 4.0).Nullable(), Gen.Int[0, 3], Gen.Int[0, 3].Nullable(), Gen.Bool,
        (labels, score, single, minArea, maxArea, minCount, extra, zoned) => new ConditionOptions
        {
            Labels = [.. labels],
            MinScore = score,
            Scores = single && labels.Count > 0 ? new Dictionary<string, float> { [labels.First()] = score / 2 } : new Dictionary<string, float>(),
            MinArea = minArea,
            MaxArea = minArea + maxArea,
            MinCount = minCount,
            MaxCount = minCount + extra,
            Zone = zoned ? [[20, 10], [80, 10], [80, 50], [20, 50]] : null,
        });

    private static Gen<float> Steps(int most, float step) => Gen.Int[0, most].Select(n => (n + 0.1f) * step);

    [Fact]
    public void Rules_say_what_their_definition_says() =>
        Gen.Select(AnyDetection.Array[0, 8], AnyCondition.Array[1, 3], Gen.Enum<RuleMatch>()).Sample((detections, conditions, match) =>
        {
            var rule = new RuleOptions { Name = "r", Conditions = conditions, Match = match };
            RuleResult result = Evaluate(rule, detections);
            Func<ConditionOptions, bool> holds = c => detections.Count(d => Counts(c, d)) is var n && n >= c.MinCount && n <= (c.MaxCount ?? int.MaxValue);
            return result.Met == (match == RuleMatch.Any ? conditions.Any(holds) : conditions.All(holds))
                && result.Count == detections.Count(d => conditions.Any(c => Counts(c, d)));
        }, iter: 2000);

    [Fact]
    public void The_order_of_objects_does_not_matter() =>
        Gen.Select(AnyDetection.Array[0, 8], AnyCondition.Array[1, 3], Gen.Enum<RuleMatch>(), Gen.Int).Sample((detections, conditions, match, seed) =>
        {
            var rule = new RuleOptions { Name = "r", Conditions = conditions, Match = match };
            Detection[] shuffled = [.. detections];
            new Random(seed).Shuffle(shuffled);
            return Evaluate(rule, detections) == Evaluate(rule, shuffled);
        });

    [Fact]
    public void An_empty_picture_meets_a_rule_that_asks_for_one() =>
        Assert.Equal(new RuleResult(true, 0), Evaluate(new RuleOptions { Conditions = [new ConditionOptions { MinCount = 0, MaxCount = 0 }] }, []));

    [Fact]
    public void Fractions_are_of_the_picture()
    {
        // 10 x 10 px of 200 x 100 px: a two-hundredth; the box's centre lies at (0.5, 0.5).
        var detection = new Detection(0, 1, float.NaN, new Box(95, 45, 105, 55), 0, default);
        RuleOptions Rule(double minArea, double left) => new()
        {
            Conditions = [new ConditionOptions { Unit = RuleUnit.Fraction, MinArea = minArea, Zone = [[left, 0.4], [0.6, 0.4], [0.6, 0.6], [left, 0.6]] }],
        };
        Assert.True(Evaluate(Rule(0.005, 0.4), [detection], 200, 100).Met);
        Assert.False(Evaluate(Rule(0.0051, 0.4), [detection], 200, 100).Met);
        Assert.False(Evaluate(Rule(0.005, 0.51), [detection], 200, 100).Met);
    }

    [Fact]
    public void The_area_is_the_masks_scaled_to_the_picture()
    {
        var mask = new BinaryMask(20, 10, new PixelRect(3, 2, 2, 3), new ulong[] { 0b111, 0b101 });
        var detection = new Detection(0, 1, float.NaN, new Box(0, 0, 200, 100), 0, mask);
        RuleOptions Rule(double minArea) => new() { Conditions = [new ConditionOptions { MinArea = minArea }] };
        Assert.True(Evaluate(Rule(500), [detection], 200, 100).Met);
        Assert.False(Evaluate(Rule(501), [detection], 200, 100).Met);
    }

    [Fact]
    public void Evaluating_allocates_nothing()
    {
        var rules = new RuleSet([new RuleOptions { Conditions = [new ConditionOptions { Zone = [[0, 0], [9, 0], [9, 9]] }] }], Labels);
        Detection[] detections = [new(0, 1, float.NaN, new Box(0, 0, 5, 5), 0, default)];
        var results = new RuleResult[1];
        rules.Evaluate(detections, 10, 10, results);
        long before = GC.GetAllocatedBytesForCurrentThread();
        for (int i = 0; i < 100; i++)
            rules.Evaluate(detections, 10, 10, results);
        Assert.Equal(0, GC.GetAllocatedBytesForCurrentThread() - before);
    }

    [Fact]
    public void Labels_that_the_model_does_not_have_are_reported()
    {
        List<string> pointers = [];
        RuleOptions[] rules = [new() { Conditions = [new ConditionOptions { Labels = ["nut", "gear"], Scores = new Dictionary<string, float> { ["gear"] = 1 } }] }];
        RuleSet.CheckLabels(rules, Labels, "/rules", (pointer, _) => pointers.Add(pointer));
        Assert.Equal(["/rules/0/conditions/0/labels/1", "/rules/0/conditions/0/scores/gear"], pointers);
    }

    private static RuleResult Evaluate(RuleOptions rule, Detection[] detections, int width = 640, int height = 480)
    {
        var results = new RuleResult[1];
        new RuleSet([rule], Labels).Evaluate(detections, width, height, results);
        return results[0];
    }

    // The definition in words, for boxes and a rectangular zone in px.
    private static bool Counts(ConditionOptions condition, Detection detection)
    {
        if (detection.ClassId >= Labels.Length)
            return false;
        string label = Labels[detection.ClassId];
        float least = condition.Scores.TryGetValue(label, out float own) ? own : condition.MinScore;
        double area = (double)detection.Box.Width * detection.Box.Height;
        double x = (detection.Box.X1 + detection.Box.X2) / 2, y = (detection.Box.Y1 + detection.Box.Y2) / 2;
        return (condition.Labels.Count == 0 || condition.Labels.Contains(label)) && detection.Score >= least
            && area >= condition.MinArea && (condition.MaxArea is null || area <= condition.MaxArea)
            && (condition.Zone is null || (x >= 20 && x < 80 && y >= 10 && y < 50));
    }
}
