using System.Text;
using Yolact.Edge.Evaluation.Coco;
using Yolact.Edge.Evaluation.Metrics;

namespace Yolact.Edge.Evaluation.Tests.Metrics;

public class ResultsEvaluationTests
{
    private const string Truth = """
        {"images": [{"id": 1, "width": 200, "height": 200, "file_name": "a.png"}],
         "categories": [{"id": 1, "name": "nut"}],
         "annotations": [{"id": 1, "image_id": 1, "category_id": 1, "iscrowd": 0, "area": 400, "bbox": [10, 10, 20, 20],
                          "segmentation": [[10, 10, 10, 30, 30, 30, 30, 10]]}]}
        """;

    private const string Square = "[[10, 10, 10, 30, 30, 30, 30, 10]]";

    [Fact]
    public async Task Results_with_boxes_alone_have_their_rectangles_as_masks()
    {
        CocoEvaluation evaluation = await Evaluate("""[{"image_id": 1, "category_id": 1, "score": 0.5, "bbox": [10, 10, 20, 20]}]""");
        Assert.Equal(1, evaluation.Segm.Ap, 1e-12);
        Assert.Equal(1, evaluation.Bbox.Ap, 1e-12);
    }

    [Fact]
    public async Task Results_with_masks_alone_have_their_bounding_boxes()
    {
        CocoEvaluation evaluation = await Evaluate($$"""[{"image_id": 1, "category_id": 1, "score": 0.5, "segmentation": {{Square}}, "bbox": []}]""");
        Assert.Equal(1, evaluation.Segm.Ap, 1e-12);
        Assert.Equal(1, evaluation.Bbox.Ap, 1e-12);
    }

    /// <summary>
    /// A wrong detection above the right one: a mask of 400 px in a box of 2500 px. Where boxes are given their area stands for the mask's, so
    /// that the wrong one is not small and does no harm among the small.
    /// </summary>
    [Theory]
    [InlineData(true, 1)]
    [InlineData(false, .5)]
    public async Task Where_boxes_are_given_their_area_stands_for_the_masks(bool withBoxes, double apSmall)
    {
        const string Wrong = "[[100, 100, 100, 120, 120, 120, 120, 100]]";
        string BoxOf(string box) => withBoxes ? $", \"bbox\": {box}" : "";
        CocoEvaluation evaluation = await Evaluate($$"""
            [{"image_id": 1, "category_id": 1, "score": 0.9, "segmentation": {{Wrong}}{{BoxOf("[100, 100, 50, 50]")}}},
             {"image_id": 1, "category_id": 1, "score": 0.5, "segmentation": {{Square}}{{BoxOf("[10, 10, 20, 20]")}}}]
            """);
        Assert.Equal(.5, evaluation.Segm.Ap, 1e-12);
        Assert.Equal(apSmall, evaluation.Segm.ApSmall, 1e-12);
    }

    [Fact]
    public async Task Empty_results_miss_everything()
    {
        CocoEvaluation evaluation = await Evaluate("[]");
        Assert.Equal((0, 0), (evaluation.Segm.Ap, evaluation.Bbox.Ar100));
    }

    [Fact]
    public async Task Boxes_may_come_from_a_file_of_their_own()
    {
        CocoDataset dataset = await Read();
        CocoResults masks = await Results($$"""[{"image_id": 1, "category_id": 1, "score": 0.5, "segmentation": {{Square}}}]""", dataset);
        CocoResults boxes = await Results("""[{"image_id": 1, "category_id": 1, "score": 0.5, "bbox": [10, 10, 20, 10]}]""", dataset);
        CocoEvaluation evaluation = ResultsEvaluation.Evaluate(dataset, masks, boxes, cancellationToken: TestContext.Current.CancellationToken);
        Assert.Equal(1, evaluation.Segm.Ap, 1e-12);
        Assert.Equal(.1, evaluation.Bbox.Ap, 1e-12);
    }

    [Fact]
    public async Task It_can_be_stopped()
    {
        CocoDataset dataset = await Read();
        CocoResults none = new([]);
        Assert.ThrowsAny<OperationCanceledException>(
            () => ResultsEvaluation.Evaluate(dataset, none, none, cancellationToken: new CancellationToken(canceled: true)));
    }

    private static async Task<CocoEvaluation> Evaluate(string results)
    {
        CocoDataset dataset = await Read();
        CocoResults read = await Results(results, dataset);
        Assert.Empty(read.Problems);
        return ResultsEvaluation.Evaluate(dataset, read, read, cancellationToken: TestContext.Current.CancellationToken);
    }

    private static Task<CocoDataset> Read() =>
        CocoDataset.ReadAsync(new MemoryStream(Encoding.UTF8.GetBytes(Truth)), "gt", TestContext.Current.CancellationToken);

    private static Task<CocoResults> Results(string json, CocoDataset dataset) =>
        CocoResults.ReadAsync(new MemoryStream(Encoding.UTF8.GetBytes(json)), "res", dataset, TestContext.Current.CancellationToken);
}
