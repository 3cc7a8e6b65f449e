using System.Text;
using Yolact.Edge.Evaluation.Coco;
using Yolact.Edge.Imaging;

namespace Yolact.Edge.Evaluation.Tests.Coco;

public sealed class CocoResultsTests : IDisposable
{
    private static readonly CocoDataset Dataset =
        new([new CocoImage(7, 4, 3, "a.png")], [new CocoCategory(3, "nut")], []);

    private readonly string _folder = Directory.CreateTempSubdirectory("coco-results").FullName;

    [Fact]
    public async Task Good_detections_are_read_and_bad_ones_listed()
    {
        CocoResults results = await Read("""
            [{"image_id": 7, "category_id": 3, "score": 0.5, "segmentation": {"size": [3, 4], "counts": "11110O30"}, "more": {"a": [1]}},
             {"image_id": 8, "category_id": 3, "score": 0.5, "bbox": [0, 0, 1, 1]},
             {"image_id": 7, "category_id": 4, "score": 0.5, "bbox": [0, 0, 1, 1]},
             {"image_id": 7, "category_id": 3, "bbox": [0, 0, 1, 1]},
             {"image_id": 7, "category_id": 3, "score": 0.5},
             {"image_id": 7, "category_id": 3, "score": 0.5, "segmentation": {"size": [3, 4], "counts": "1"}},
             7,
             {"image_id": 7, "category_id": 3, "score": 0.25, "bbox": [0, 0, 1.5, 1]}]
            """);
        Assert.Equal([.5, .25], results.All.Select(result => result.Score));
        Assert.False(results.HasBoxes);
        Assert.Equal(2, results.Of(7).Count());
        string[] expected = ["no image 8", "no category 4", "`score` is missing", "neither", "RLE counts", "no object"];
        Assert.Equal(expected.Length, results.Problems.Count);
        for (int i = 0; i < expected.Length; i++)
        {
            Assert.StartsWith($"result {i + 1} is left out: ", results.Problems[i], StringComparison.Ordinal);
            Assert.Contains(expected[i], results.Problems[i], StringComparison.Ordinal);
        }
    }

    [Theory]
    [InlineData("")]
    [InlineData("{}")]
    [InlineData("[{")]
    [InlineData("text")]
    public async Task A_file_of_another_kind_is_refused_by_name(string text) => Assert.StartsWith(
        "r.json is no COCO results file",
        (await Assert.ThrowsAsync<InvalidDataException>(() => Read(text))).Message,
        StringComparison.Ordinal);

    [Fact]
    public async Task What_the_writer_writes_is_read_back()
    {
        string path = Path.Combine(_folder, "r.json");
        BinaryMask mask = CocoSegmentation.Of(4, 3, "11110O30").ToMask(Dataset.Images[0]);
        using (CocoResultsWriter writer = new(path))
        {
            writer.Write(7, 3, .875, new Box(.5f, 1, 3, 2.25f), mask);
            writer.Write(7, 3, .125, null, mask);
            writer.Write(7, 3, .25, new Box(0, 0, 1, 1), null);
            Assert.False(File.Exists(path));
            writer.Complete();
        }
        Assert.Equal([path], Directory.GetFiles(_folder));
        CocoResults results = await CocoResults.ReadAsync(path, Dataset, TestContext.Current.CancellationToken);
        Assert.Empty(results.Problems);
        Assert.Equal([.875, .125, .25], results.All.Select(result => result.Score));
        Assert.Equal(new CocoBox(.5, 1, 2.5, 1.25), results.All[0].Box);
        Assert.Equal([5, 5], results.All.Where(result => result.Segmentation is not null)
            .Select(result => result.Segmentation!.ToMask(Dataset.Images[0]).Area()));
        Assert.Null(results.All[1].Box);
    }

    [Fact]
    public void Counts_with_a_backslash_are_escaped()
    {
        // The first run is 44 = 32 + 12 px: its first character is 48 + 12 + 32, the backslash.
        string path = Path.Combine(_folder, "r.json");
        BinaryMask mask = CocoSegmentation.Of(new CocoBox(44, 0, 3, 1)).ToMask(new CocoImage(1, 100, 1, ""));
        using (CocoResultsWriter writer = new(path))
        {
            writer.Write(7, 3, 1, null, mask);
            writer.Complete();
        }
        Assert.StartsWith("\\", Imaging.Rle.RunLengthEncoder.EncodeToString(mask), StringComparison.Ordinal);
        using var document = System.Text.Json.JsonDocument.Parse(File.ReadAllText(path));
        Assert.Equal(Imaging.Rle.RunLengthEncoder.EncodeToString(mask), document.RootElement[0].GetProperty("segmentation").GetProperty("counts").GetString());
    }

    [Fact]
    public void An_abandoned_file_leaves_the_old_one_and_no_rest()
    {
        string path = Path.Combine(_folder, "r.json");
        File.WriteAllText(path, "old");
        using (CocoResultsWriter writer = new(path))
            writer.Write(7, 3, 1, new Box(0, 0, 1, 1), null);
        Assert.Equal("old", File.ReadAllText(Assert.Single(Directory.GetFiles(_folder))));
    }

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    private static Task<CocoResults> Read(string text) => CocoResults.ReadAsync(
        new MemoryStream(Encoding.UTF8.GetBytes(text)), "r.json", Dataset, TestContext.Current.CancellationToken);
}
