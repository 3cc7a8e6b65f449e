using CsCheck;
using Yolact.Edge.Evaluation.Metrics;

namespace Yolact.Edge.Evaluation.Tests.Metrics;

/// <summary>Cases small enough to be worked out on paper; the working stands in each name or comment.</summary>
public class HandComputedTests
{
    private const double Exact = 1e-12;

    [Fact]
    public void A_perfect_detection_gives_one_where_defined_and_minus_one_elsewhere()
    {
        CocoFigures figures = new Scene().Truth(10, 10, 20, 20).Found(.9, 10, 10, 20, 20).Figures();
        Assert.Equal(1, figures.Ap, Exact);
        Assert.Equal(1, figures.ApSmall, Exact);
        Assert.Equal((-1, -1), (figures.ApMedium, figures.ApLarge));
        Assert.Equal((1, 1, 1, 1, -1, -1), (figures.Ar1, figures.Ar10, figures.Ar100, figures.ArSmall, figures.ArMedium, figures.ArLarge));
    }

    [Theory]
    [InlineData(20, 1)] // IoU 1: all ten thresholds
    [InlineData(15, .6)] // IoU .75: .50 to .75, the limit included
    [InlineData(10, .1)] // IoU .50: the first only
    [InlineData(9, 0)]
    public void A_detection_counts_up_to_the_threshold_that_its_iou_reaches(int height, double ap)
    {
        CocoFigures figures = new Scene().Truth(10, 10, 20, 20).Found(.9, 10, 10, 20, height).Figures();
        Assert.Equal(ap, figures.Ap, Exact);
        Assert.Equal(ap, figures.Ar100, Exact);
        Assert.Equal(height >= 10 ? 1 : 0, figures.Ap50, Exact);
        Assert.Equal(height >= 15 ? 1 : 0, figures.Ap75, Exact);
    }

    [Fact]
    public void Precision_is_read_at_101_recalls_from_the_right()
    {
        // By score: right, wrong, right of 4 truths: recall 1/4 at precision 1, 2/4 at 2/3. Recalls 0 to .25: 26 points; .26 to .50: 25 points.
        CocoFigures figures = new Scene().Truth(0, 0, 10, 10).Truth(50, 0, 10, 10).Truth(100, 0, 10, 10).Truth(150, 0, 10, 10)
            .Found(.9, 0, 0, 10, 10).Found(.8, 300, 300, 10, 10).Found(.7, 50, 0, 10, 10).Figures();
        Assert.Equal((26 + (25 * 2 / 3.0)) / 101, figures.Ap, Exact);
        Assert.Equal((.25, .5, .5), (figures.Ar1, figures.Ar10, figures.Ar100));
    }

    [Theory]
    [InlineData(true, 1)]
    [InlineData(false, .5)]
    public void Of_equal_scores_in_a_picture_the_first_in_the_file_comes_first(bool rightFirst, double ap)
    {
        Scene scene = new Scene().Truth(0, 0, 10, 10);
        if (rightFirst)
            scene.Found(.5, 0, 0, 10, 10).Found(.5, 100, 100, 10, 10);
        else
            scene.Found(.5, 100, 100, 10, 10).Found(.5, 0, 0, 10, 10);
        Assert.Equal(ap, scene.Figures().Ap, Exact);
    }

    [Theory]
    [InlineData(1, 1)]
    [InlineData(2, .5)]
    public void Of_equal_scores_in_two_pictures_the_lower_image_id_comes_first(long rightImage, double ap) => Assert.Equal(
        ap,
        new Scene(images: 2).Truth(0, 0, 10, 10, image: rightImage)
            .Found(.5, 0, 0, 10, 10, image: 2).Found(.5, 0, 0, 10, 10, image: 1).Figures().Ap,
        Exact);

    [Fact]
    public void A_detection_in_an_empty_picture_is_wrong()
    {
        CocoFigures figures = new Scene(images: 3).Truth(0, 0, 10, 10, image: 1)
            .Found(.5, 0, 0, 10, 10, image: 1).Found(.9, 0, 0, 10, 10, image: 2).Figures();
        Assert.Equal(.5, figures.Ap, Exact);
        Assert.Equal(1, figures.Ar1, Exact);
    }

    [Fact]
    public void A_class_without_truths_is_undefined_and_leaves_the_mean_alone()
    {
        CocoEvaluation evaluation = new Scene(categories: 3).Truth(0, 0, 10, 10, category: 1).Truth(50, 0, 10, 10, category: 2)
            .Found(.5, 0, 0, 10, 10, category: 1).Found(.9, 0, 0, 10, 10, category: 3).Evaluate();
        Assert.Equal(1, evaluation.PerClass["1"].Bbox.Ap, Exact);
        Assert.Equal(0, evaluation.PerClass["2"].Bbox.Ap);
        Assert.Equal(-1, evaluation.PerClass["3"].Bbox.Ap);
        Assert.Equal("class 3", evaluation.PerClass["3"].Name);
        Assert.Equal(.5, evaluation.Bbox.Ap, Exact);
        Assert.Equal(.5, evaluation.Segm.Ar100, Exact);
    }

    [Fact]
    public void No_detection_gives_zero_and_no_truth_minus_one()
    {
        CocoFigures none = new Scene().Truth(0, 0, 10, 10).Figures();
        Assert.Equal((0, 0, -1, 0), (none.Ap, none.ApSmall, none.ApLarge, none.Ar100));
        CocoFigures nothing = new Scene().Found(.5, 0, 0, 10, 10).Figures();
        Assert.Equal((-1, -1, -1, -1), (nothing.Ap, nothing.Ap50, nothing.ApSmall, nothing.Ar1));
        Assert.Equal(-1, new Scene().Figures().Ap);
    }

    [Fact]
    public void Any_number_of_detections_in_a_crowd_neither_count_nor_harm()
    {
        CocoFigures figures = new Scene().Truth(0, 0, 10, 10).Truth(100, 100, 200, 200, crowd: true)
            .Found(.9, 110, 110, 10, 10).Found(.8, 150, 150, 10, 10).Found(.7, 200, 200, 90, 90).Found(.6, 0, 0, 10, 10).Figures();
        Assert.Equal(1, figures.Ap, Exact);
        Assert.Equal(0, figures.Ar1); // the first detection is used up by the crowd
        Assert.Equal(1, figures.Ar10, Exact);
    }

    [Fact]
    public void A_crowd_alone_is_no_truth() =>
        Assert.Equal(-1, new Scene().Truth(0, 0, 100, 100, crowd: true).Found(.9, 0, 0, 10, 10).Figures().Ap);

    [Fact]
    public void A_truth_goes_before_a_crowd_of_higher_overlap()
    {
        // IoU with the truth .5, with the crowd 1: at .50 the truth is matched; above it the crowd takes the detection: nothing wrong, but missed.
        CocoFigures figures = new Scene().Truth(0, 0, 10, 5).Truth(0, 0, 100, 100, crowd: true).Found(.9, 0, 0, 10, 10).Figures();
        Assert.Equal(1, figures.Ap50, Exact);
        Assert.Equal(.1, figures.Ap, Exact);
    }

    [Fact]
    public void Area_limits_belong_to_both_ranges()
    {
        CocoFigures small = new Scene().Truth(0, 0, 32, 32).Found(.9, 0, 0, 32, 32).Figures();
        Assert.Equal((1, 1, -1), (Math.Round(small.ApSmall, 9), Math.Round(small.ApMedium, 9), small.ApLarge));
        CocoFigures medium = new Scene().Truth(0, 0, 96, 96).Found(.9, 0, 0, 96, 96).Figures();
        Assert.Equal((-1, 1, 1), (medium.ApSmall, Math.Round(medium.ApMedium, 9), Math.Round(medium.ApLarge, 9)));
        CocoFigures between = new Scene().Truth(0, 0, 33, 32).Found(.9, 0, 0, 33, 32).Figures();
        Assert.Equal((-1, 1, -1), (between.ApSmall, Math.Round(between.ApMedium, 9), between.ApLarge));
    }

    [Fact]
    public void The_annotations_area_decides_and_not_its_box()
    {
        CocoFigures figures = new Scene().Truth(0, 0, 40, 40, area: 900).Found(.9, 0, 0, 40, 40).Figures();
        Assert.Equal(1, figures.ApSmall, Exact);
        Assert.Equal(-1, figures.ApMedium);
    }

    [Fact]
    public void A_wrong_detection_outside_the_area_limits_does_no_harm_inside()
    {
        // Wrong and large at the top: 1/2 over all and large undefined; small is untouched.
        CocoFigures figures = new Scene().Truth(0, 0, 10, 10).Found(.9, 100, 100, 200, 200).Found(.8, 0, 0, 10, 10).Figures();
        Assert.Equal(.5, figures.Ap, Exact);
        Assert.Equal(1, figures.ApSmall, Exact);
    }

    [Theory]
    [InlineData(99, 1.0 / 100, 1)]
    [InlineData(100, 0, 0)]
    public void Only_the_hundred_best_detections_of_a_picture_and_class_count(int wrong, double ap, double ar100)
    {
        Scene scene = new Scene(images: 2, categories: 2).Truth(0, 0, 10, 10);
        for (int i = 0; i < wrong; i++)
            scene.Found(.9, 100 + i, 100, 10, 10).Found(.95, 100 + i, 100, 10, 10, image: 2, category: 2);
        CocoFigures figures = scene.Found(.5, 0, 0, 10, 10).Figures();
        Assert.Equal(ap, figures.Ap, Exact);
        Assert.Equal((0, 0, ar100), (figures.Ar1, figures.Ar10, figures.Ar100));
    }

    [Fact]
    public void The_second_detection_of_a_truth_is_wrong_even_where_it_fits_better()
    {
        // .9 takes the truth up to its IoU of .75; the perfect one of .8 finds it taken there, and right above.
        CocoFigures figures = new Scene().Truth(0, 0, 20, 20).Found(.9, 0, 0, 20, 15).Found(.8, 0, 0, 20, 20).Figures();
        Assert.Equal(((6 * 1) + (4 * .5)) / 10, figures.Ap, Exact);
    }

    [Fact]
    public void A_match_with_id_zero_is_none_as_in_the_published_tool() =>
        Assert.Equal(0, new Scene().Truth(0, 0, 10, 10, id: 0).Found(.9, 0, 0, 10, 10).Figures().Ap);

    [Fact]
    public void A_perfect_result_gives_one() =>
        Gen.Select(Gen.Int[0, 5], Gen.Int[0, 5], Gen.Int[1, 3], Gen.Int[1, 3], Gen.Bool).Array[1, 12].Sample(objects =>
        {
            Scene scene = new(images: 3, categories: 3);
            for (int i = 0; i < objects.Length; i++)
            {
                // One cell of a grid each, so that no truth hides another.
                (int width, int height, int image, int category, bool large) = objects[i];
                double x = 100 * (i % 4), y = 100 * (i / 4), scale = large ? 16 : 5;
                scene.Truth(x, y, scale * (width + 1), scale * (height + 1), image, category);
                scene.Found(1.0 / (i + 1), x, y, scale * (width + 1), scale * (height + 1), image, category);
            }
            CocoFigures figures = scene.Figures();
            Assert.Equal(1, figures.Ap, Exact);
            Assert.Equal(1, figures.Ap75, Exact);
            Assert.Equal(1, figures.Ar100, Exact);
        });

    [Fact]
    public void Only_the_order_of_scores_matters() =>
        Gen.Select(Gen.Int[0, 4], Gen.Int[0, 4], Gen.Int[0, 6]).Array[1, 20].Sample(detections =>
        {
            Scene plain = new(images: 2), squared = new(images: 2);
            foreach (Scene scene in new[] { plain, squared })
                scene.Truth(0, 0, 10, 10).Truth(10, 0, 10, 20).Truth(0, 20, 20, 10, image: 2);
            for (int i = 0; i < detections.Length; i++)
            {
                (int x, int y, int score) = detections[i];
                plain.Found(score, 3 * x, 5 * y, 10, 12, 1 + (i % 2));
                squared.Found((score * score) - 50, 3 * x, 5 * y, 10, 12, 1 + (i % 2));
            }
            Assert.Equal(plain.Figures(), squared.Figures());
        });
}
