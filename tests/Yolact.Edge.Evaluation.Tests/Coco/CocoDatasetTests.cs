using System.Text;
using Yolact.Edge.Evaluation.Coco;
using Yolact.Edge.Imaging;

namespace Yolact.Edge.Evaluation.Tests.Coco;

public class CocoDatasetTests
{
    [Fact]
    public async Task All_forms_of_masks_are_read()
    {
        CocoDataset dataset = await Read("""
            {"id": 1, "image_id": 7, "category_id": 3, "iscrowd": 0, "area": 12.5, "bbox": [1, 2, 3.5, 4], "segmentation": [[1, 1, 1, 3, 3, 3, 3, 1]]},
            {"id": 2, "image_id": 7, "category_id": 3, "iscrowd": 1, "segmentation": {"size": [3, 4], "counts": [1, 1, 1, 2, 1, 1, 4, 1]}},
            {"id": 3, "image_id": 7, "category_id": 3, "segmentation": {"size": [3, 4], "counts": "11110O30"}}
            """);
        Assert.Empty(dataset.Problems);
        Assert.Equal(new CocoBox(1, 2, 3.5, 4), dataset.Annotations[0].Box);
        Assert.Equal(12.5, dataset.Annotations[0].Area);
        Assert.Equal([false, true, false], dataset.Annotations.Select(annotation => annotation.IsCrowd));
        CocoImage image = dataset.FindImage(7)!;
        Assert.Equal([4, 5, 5], dataset.Annotations.Select(annotation => annotation.Segmentation!.ToMask(image).Area()));
    }

    [Fact]
    public async Task What_is_left_out_of_an_annotation_comes_from_its_mask_or_box()
    {
        CocoDataset dataset = await Read("""
            {"id": 1, "image_id": 7, "category_id": 3, "segmentation": {"size": [3, 4], "counts": "11110O30"}},
            {"id": 2, "image_id": 7, "category_id": 3, "bbox": [0, 0, 2, 3]}
            """);
        Assert.Equal((new CocoBox(0, 0, 4, 3), 5.0), (dataset.Annotations[0].Box, dataset.Annotations[0].Area));
        Assert.Equal(6, dataset.Annotations[1].Area);
        Assert.Contains("counts for boxes only", Assert.Single(dataset.Problems), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("""{"image_id": 7, "category_id": 3}""", "`id` is missing")]
    [InlineData("""{"id": 1.5, "image_id": 7, "category_id": 3}""", "a whole number is needed")]
    [InlineData("""{"id": "1", "image_id": 7, "category_id": 3}""", "`id` should be a number")]
    [InlineData("""{"id": 1, "image_id": 8, "category_id": 3, "bbox": [1, 1, 1, 1]}""", "there is no image 8")]
    [InlineData("""{"id": 1, "image_id": 7, "category_id": 4, "bbox": [1, 1, 1, 1]}""", "there is no category 4")]
    [InlineData("""{"id": 1, "image_id": 7, "category_id": 3}""", "neither `bbox` nor `segmentation`")]
    [InlineData("""{"id": 1, "image_id": 7, "category_id": 3, "bbox": [1, 1, 1]}""", "`bbox` should be")]
    [InlineData("""{"id": 1, "image_id": 7, "category_id": 3, "bbox": [1, 1, 1, -1]}""", "`bbox` should be")]
    [InlineData("""{"id": 1, "image_id": 7, "category_id": 3, "bbox": [1, 1, 1, 1e999]}""", "`bbox` should be")]
    [InlineData("""{"id": 1, "image_id": 7, "category_id": 3, "segmentation": []}""", "`segmentation` should be")]
    [InlineData("""{"id": 1, "image_id": 7, "category_id": 3, "segmentation": "x"}""", "`segmentation` should be")]
    [InlineData("""{"id": 1, "image_id": 7, "category_id": 3, "segmentation": [1, 2, 3]}""", "no array of numbers")]
    [InlineData("""{"id": 1, "image_id": 7, "category_id": 3, "segmentation": [[1, 2, 3, 4]]}""", "has 4 numbers")]
    [InlineData("""{"id": 1, "image_id": 7, "category_id": 3, "segmentation": {"counts": "0"}}""", "`segmentation.size`")]
    [InlineData("""{"id": 1, "image_id": 7, "category_id": 3, "segmentation": {"size": [3, 4]}}""", "`segmentation.counts` is missing")]
    [InlineData("""{"id": 1, "image_id": 7, "category_id": 3, "segmentation": {"size": [3, 4], "counts": [1.5]}}""", "`segmentation.counts` should be")]
    [InlineData("""{"id": 1, "image_id": 7, "category_id": 3, "segmentation": {"size": [3, 4], "counts": "1"}}""", "RLE counts add up to 1")]
    [InlineData("""{"id": 1, "image_id": 7, "category_id": 3, "segmentation": {"size": [99999999, 99999999], "counts": "1"}}""", "px: both sides")]
    [InlineData("12", "it is no object")]
    [InlineData("null", "it is no object")]
    public async Task A_bad_annotation_is_listed_and_the_others_stay(string bad, string problem)
    {
        CocoDataset dataset = await Read(bad + """, {"id": 5, "image_id": 7, "category_id": 3, "segmentation": {"size": [3, 4], "counts": "11110O30"}}""");
        Assert.Equal(5, Assert.Single(dataset.Annotations).Id);
        Assert.StartsWith("annotations[0]", Assert.Single(dataset.Problems), StringComparison.Ordinal);
        Assert.Contains(problem, dataset.Problems[0], StringComparison.Ordinal);
    }

    [Fact]
    public async Task Doubtful_annotations_are_kept_with_a_word_of_warning()
    {
        CocoDataset dataset = await Read("""
            {"id": 0, "image_id": 7, "category_id": 3, "segmentation": {"size": [3, 4], "counts": "11110O30"}},
            {"id": 1, "image_id": 7, "category_id": 3, "segmentation": {"size": [4, 3], "counts": "11110O30"}},
            {"id": 1, "image_id": 7, "category_id": 3, "segmentation": {"size": [3, 4], "counts": "11110O30"}}
            """);
        Assert.Equal(2, dataset.Annotations.Count);
        Assert.Equal(3, dataset.Problems.Count);
        Assert.Contains("number from 1", dataset.Problems[0], StringComparison.Ordinal);
        Assert.Contains("no mask will match", dataset.Problems[1], StringComparison.Ordinal);
        Assert.Contains("its id is taken", dataset.Problems[2], StringComparison.Ordinal);
    }

    [Fact]
    public async Task Bad_images_and_categories_are_listed()
    {
        CocoDataset dataset = await ReadText("""
            {"images": [{"id": 1, "width": 0, "height": 5}, {"id": 2, "width": 5, "height": 5}, {"id": 2, "width": 5, "height": 5}],
             "categories": [{"name": "nameless"}, {"id": 3}]}
            """);
        Assert.Equal(3, dataset.Problems.Count);
        Assert.Equal(2, Assert.Single(dataset.Images).Id);
        Assert.Equal("3", Assert.Single(dataset.Categories).Name);
        Assert.Empty(dataset.Annotations);
    }

    [Theory]
    [InlineData("")]
    [InlineData("no json")]
    [InlineData("[]")]
    [InlineData("null")]
    [InlineData("{}")]
    [InlineData("""{"images": [{"id": 1, "width": 5, "height": 5}], "categories": [{"id": 1}]""")]
    [InlineData("""{"images": 3, "categories": [{"id": 1}]}""")]
    [InlineData("""{"images": [], "categories": []}""")]
    public async Task A_file_of_another_kind_is_refused_by_name(string text)
    {
        InvalidDataException error = await Assert.ThrowsAsync<InvalidDataException>(() => ReadText(text));
        Assert.StartsWith("truth.json is no COCO data set", error.Message, StringComparison.Ordinal);
    }

    private static Task<CocoDataset> Read(string annotations) => ReadText($$"""
        {"info": {"description": "any"}, "licenses": [],
         "images": [{"id": 7, "width": 4, "height": 3, "file_name": "a.png", "license": 3}],
         "categories": [{"id": 3, "name": "nut", "supercategory": "part"}],
         "annotations": [{{annotations}}]}
        """);

    private static Task<CocoDataset> ReadText(string text) =>
        CocoDataset.ReadAsync(new MemoryStream(Encoding.UTF8.GetBytes(text)), "truth.json", TestContext.Current.CancellationToken);
}
