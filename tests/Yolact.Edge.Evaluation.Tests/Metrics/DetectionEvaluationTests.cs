using Yolact.Edge.Evaluation.Coco;
using Yolact.Edge.Evaluation.Metrics;
using Yolact.Edge.Imaging;

namespace Yolact.Edge.Evaluation.Tests.Metrics;

public class DetectionEvaluationTests
{
    private static readonly CocoDataset Dataset = new Scene(categories: 2).Truth(0, 0, 10, 10, category: 2).Dataset();

    [Fact]
    public void Boxes_are_ranked_by_class_score_and_masks_by_the_product()
    {
        DetectionEvaluation evaluation = new(Dataset, ["other", "Class 2"]);
        evaluation.Add(1, [At(1, .9f, .1f, 100), At(1, .5f, .9f, 0)]);
        CocoEvaluation figures = evaluation.Finish();
        Assert.Equal(.5, figures.Bbox.Ap, 1e-12);
        Assert.Equal(1, figures.Segm.Ap, 1e-12);
        Assert.Equal(["class 1"], evaluation.Missing);
    }

    [Fact]
    public void Classes_of_no_name_in_the_data_set_and_boxes_without_area_are_dropped()
    {
        DetectionEvaluation evaluation = new(Dataset, ["other", "class 2"]);
        Detection flat = At(1, .9f, 1, 50) with { Box = new Box(5, 5, 5, 9) };
        IReadOnlyList<Candidate> judged = evaluation.Add(1, [At(0, .9f, 1, 0), flat, At(1, .5f, 1, 0)]);
        Assert.Equal(2, Assert.Single(judged).CategoryId);
        Assert.Equal(1, evaluation.Finish().Bbox.Ap, 1e-12);
        Assert.Equal([null, null, 2L], new[] { At(0, .9f, 1, 0), flat, At(1, .5f, 1, 0) }.Select(one => evaluation.CategoryOf(one)));
    }

    [Fact]
    public void A_model_of_other_classes_is_refused_with_both_lists()
    {
        InvalidDataException error = Assert.Throws<InvalidDataException>(() => new DetectionEvaluation(Dataset, ["dog"]));
        Assert.Contains("dog", error.Message, StringComparison.Ordinal);
        Assert.Contains("class 1, class 2", error.Message, StringComparison.Ordinal);
    }

    private static Detection At(int classId, float score, float maskIou, int x)
    {
        CocoBox box = new(x, 0, 10, 10);
        return new(classId, score, maskIou, new Box(x, 0, x + 10, 10), 0, CocoSegmentation.Of(box).ToMask(Dataset.Images[0]));
    }
}
