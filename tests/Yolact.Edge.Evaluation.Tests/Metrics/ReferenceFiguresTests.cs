using System.Text.Json;
using Yolact.Edge.Evaluation.Coco;
using Yolact.Edge.Evaluation.Metrics;

namespace Yolact.Edge.Evaluation.Tests.Metrics;

/// <summary>
/// Figures of COCO's own tools for random data (polygons, both forms of run lengths, crowds, holes, empty pictures). Every case is
/// NAME.gt.json, NAME.res.json and NAME.expected.json in one folder; YOLACT_EDGE_COCO_EVAL names another folder.
/// </summary>
public class ReferenceFiguresTests
{
    private static readonly string Folder =
        Environment.GetEnvironmentVariable("YOLACT_EDGE_COCO_EVAL") ?? Path.Combine(AppContext.BaseDirectory, "data", "coco-eval");

    public static TheoryData<string> Cases() =>
        new(Directory.GetFiles(Folder, "*.gt.json").Select(path => Path.GetFileName(path).Replace(".gt.json", "", StringComparison.Ordinal)));

    [Theory]
    [MemberData(nameof(Cases))]
    public async Task Figures_equal_those_of_the_published_tool(string name)
    {
        CancellationToken stop = TestContext.Current.CancellationToken;
        CocoDataset dataset = await CocoDataset.ReadAsync(Path.Combine(Folder, name + ".gt.json"), stop);
        CocoResults results = await CocoResults.ReadAsync(Path.Combine(Folder, name + ".res.json"), dataset, stop);
        Assert.Empty(dataset.Problems);
        Assert.Empty(results.Problems);
        CocoEvaluation found = ResultsEvaluation.Evaluate(dataset, results, results, cancellationToken: stop);

        using JsonDocument expected = JsonDocument.Parse(await File.ReadAllTextAsync(Path.Combine(Folder, name + ".expected.json"), stop));
        Compare(expected.RootElement.GetProperty("segm"), found.Segm, id => found.PerClass[id].Segm);
        Compare(expected.RootElement.GetProperty("bbox"), found.Bbox, id => found.PerClass[id].Bbox);
    }

    private static void Compare(JsonElement expected, CocoFigures found, Func<string, CocoFigures> ofClass)
    {
        double[] stats = [.. expected.GetProperty("stats").EnumerateArray().Select(value => value.GetDouble())];
        double[] figures =
        [
            found.Ap, found.Ap50, found.Ap75, found.ApSmall, found.ApMedium, found.ApLarge,
            found.Ar1, found.Ar10, found.Ar100, found.ArSmall, found.ArMedium, found.ArLarge,
        ];
        Assert.Equal(stats.Length, figures.Length);
        for (int i = 0; i < stats.Length; i++)
            Assert.Equal(stats[i], figures[i], 1e-9);
        foreach (JsonProperty one in expected.GetProperty("per_class_ap").EnumerateObject())
            Assert.Equal(one.Value.GetDouble(), ofClass(one.Name).Ap, 1e-9);
    }
}
