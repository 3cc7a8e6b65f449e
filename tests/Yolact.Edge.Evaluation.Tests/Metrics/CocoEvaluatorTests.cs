using Yolact.Edge.Evaluation.Coco;
using Yolact.Edge.Evaluation.Metrics;
using Yolact.Edge.Imaging;

namespace Yolact.Edge.Evaluation.Tests.Metrics;

public class CocoEvaluatorTests
{
    private static readonly CocoDataset Dataset = new Scene(images: 2).Truth(0, 0, 10, 10).Dataset();

    [Fact]
    public void Masks_and_boxes_are_ranked_by_scores_of_their_own()
    {
        CocoImage image = Dataset.Images[0];
        CocoBox right = new(0, 0, 10, 10), wrong = new(100, 100, 10, 10);
        BinaryMask rightMask = CocoSegmentation.Of(right).ToMask(image), wrongMask = CocoSegmentation.Of(wrong).ToMask(image);
        CocoEvaluator evaluator = new(Dataset);
        evaluator.Add(
            image.Id,
            [new(1, .9, 100, right, rightMask), new(1, .1, 100, wrong, wrongMask)],
            [new(1, .1, 100, right, rightMask), new(1, .9, 100, wrong, wrongMask)]);
        CocoEvaluation evaluation = evaluator.Finish();
        Assert.Equal(1, evaluation.Segm.Ap, 1e-12);
        Assert.Equal(.5, evaluation.Bbox.Ap, 1e-12);
    }

    [Fact]
    public void Masks_of_another_size_match_nothing()
    {
        CocoEvaluator evaluator = new(Dataset);
        BinaryMask mask = CocoSegmentation.Of(new CocoBox(0, 0, 10, 10)).ToMask(new CocoImage(1, 30, 30, ""));
        evaluator.Add(1, [new(1, .9, 100, default, mask)], []);
        Assert.Equal(0, evaluator.Finish().Segm.Ap);
    }

    [Fact]
    public void A_picture_is_judged_once_and_must_be_known()
    {
        CocoEvaluator evaluator = new(Dataset);
        evaluator.Add(1, [], []);
        Assert.Throws<ArgumentException>(() => evaluator.Add(1, [], []));
        Assert.Throws<ArgumentException>(() => evaluator.Add(77, [], []));
    }

    [Fact]
    public void Detections_of_other_classes_are_ignored()
    {
        CocoEvaluator evaluator = new(Dataset);
        evaluator.Add(1, [], [new(1, .5, 100, new(0, 0, 10, 10), default), new(42, .9, 100, new(200, 0, 10, 10), default)]);
        Assert.Equal(1, evaluator.Finish().Bbox.Ap, 1e-12);
    }
}
