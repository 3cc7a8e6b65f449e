using Yolact.Edge.Evaluation.Coco;
using Yolact.Edge.Evaluation.Failures;
using Yolact.Edge.Evaluation.Metrics;
using Yolact.Edge.Evaluation.Tests.Metrics;
using Yolact.Edge.Imaging;

namespace Yolact.Edge.Evaluation.Tests.Failures;

public class WorstFailuresTests
{
    private static readonly CocoDataset Dataset = new Scene(images: 4, categories: 2)
        .Truth(0, 0, 10, 10).Truth(50, 0, 10, 10).Truth(200, 200, 100, 100, crowd: true)
        .Truth(0, 0, 10, 10, image: 2)
        .Truth(0, 0, 10, 10, image: 3)
        .Dataset();

    [Fact]
    public void Missed_objects_and_wrong_detections_are_found()
    {
        WorstFailures failures = new(Dataset, 5);
        failures.Add(1, [At(.9, 0, 0), At(.8, 0, 1), At(.7, 50, 0, category: 2), At(.6, 210, 210), At(.25, 300, 0)]);
        ImageFailure failure = Assert.Single(failures.Worst());
        Assert.Equal(2, Assert.Single(failure.Missed).Id);
        Assert.Equal([.8, .7], failure.Wrong.Select(detection => detection.Score));
        Assert.Equal(2.5, failure.Cost, 1e-9);
    }

    [Fact]
    public void The_worst_pictures_are_kept_and_good_ones_never()
    {
        WorstFailures failures = new(Dataset, 2);
        failures.Add(4, []);
        failures.Add(3, [At(.9, 100, 100)]);
        failures.Add(2, []);
        failures.Add(1, []);
        Assert.Equal([1, 3], failures.Worst().Select(failure => failure.Image.Id));
    }

    [Fact]
    public void Kept_masks_are_copies()
    {
        WorstFailures failures = new(Dataset, 1);
        ulong[] words = [1023];
        BinaryMask mask = new(400, 400, new PixelRect(100, 100, 1, 10), words);
        failures.Add(4, [new Candidate(1, .9, 10, default, mask)]);
        words[0] = 0;
        Assert.Equal(10, failures.Worst()[0].Wrong[0].Mask.Area());
    }

    private static Candidate At(double score, double x, double y, long category = 1)
    {
        CocoBox box = new(x, y, 10, 10);
        return new(category, score, box.Area, box, CocoSegmentation.Of(box).ToMask(Dataset.Images[0]));
    }
}
