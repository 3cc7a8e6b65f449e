using Yolact.Edge.Evaluation.Coco;
using Yolact.Edge.Evaluation.Metrics;
using Yolact.Edge.Imaging;

namespace Yolact.Edge.Evaluation.Tests.Metrics;

/// <summary>Small data sets of boxes (each with its rectangle as the mask) that a person can work out: pictures of 400 x 400 px.</summary>
internal sealed class Scene
{
    private readonly List<CocoImage> _images = [];
    private readonly List<CocoCategory> _categories = [];
    private readonly List<CocoAnnotation> _truths = [];
    private readonly List<(long ImageId, long CategoryId, double Score, CocoBox Box)> _detections = [];

    public Scene(int images = 1, int categories = 1)
    {
        for (int i = 1; i <= images; i++)
            _images.Add(new(i, 400, 400, ""));
        for (int i = 1; i <= categories; i++)
            _categories.Add(new(i, $"class {i}"));
    }

    public Scene Truth(double x, double y, double width, double height, long image = 1, long category = 1, bool crowd = false, double? area = null, long? id = null)
    {
        CocoBox box = new(x, y, width, height);
        _truths.Add(new(id ?? _truths.Count + 1, image, category, box, area ?? box.Area, crowd, CocoSegmentation.Of(box)));
        return this;
    }

    public Scene Found(double score, double x, double y, double width, double height, long image = 1, long category = 1)
    {
        _detections.Add((image, category, score, new CocoBox(x, y, width, height)));
        return this;
    }

    public CocoDataset Dataset() => new(_images, _categories, _truths);

    /// <summary>Judges boxes and their rectangles; the two must agree, as everything lies on whole pixels.</summary>
    public CocoFigures Figures()
    {
        CocoEvaluation evaluation = Evaluate();
        Assert.Equal(evaluation.Bbox, evaluation.Segm);
        return evaluation.Bbox;
    }

    public CocoEvaluation Evaluate()
    {
        CocoEvaluator evaluator = new(Dataset());
        foreach (CocoImage image in Enumerable.Reverse(_images))
        {
            Candidate[] candidates =
            [
                .. from detection in _detections
                   where detection.ImageId == image.Id
                   let mask = CocoSegmentation.Of(detection.Box).ToMask(image)
                   select new Candidate(detection.CategoryId, detection.Score, mask.Area(), detection.Box, mask),
            ];
            evaluator.Add(image.Id, candidates, candidates);
        }
        return evaluator.Finish();
    }
}
