using System.Text.Json;
using SkiaSharp;
using Yolact.Edge.Imaging;
using Yolact.Edge.Imaging.Rle;
using Yolact.Edge.Simulation.Dataset;
using Yolact.Edge.Simulation.Parts;

namespace Yolact.Edge.Simulation.Tests.Dataset;

public sealed class DatasetSynthTests : IDisposable
{
    private readonly string _root = Directory.CreateTempSubdirectory("yolact-synth-").FullName;

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    public void Dispose() => Directory.Delete(_root, recursive: true);

    [Fact]
    public void A_set_is_coco_json_with_a_picture_for_each_entry_and_masks_that_fit()
    {
        string folder = Path.Combine(_root, "set");
        int done = 0;
        int instances =
            DatasetSynth.Write(new() { Seed = 4, Count = 6, Threads = 2 }, folder, () => Interlocked.Increment(ref done), Cancel);

        CocoDocument set = Read(folder);
        Assert.Equal(6, done);
        Assert.Equal(6, set.Images.Count);
        Assert.Equal(instances, set.Annotations.Count);
        Assert.True(instances > 5);
        Assert.Equal(BeltParts.ClassNames, set.Categories.Select(c => c.Name));
        Assert.Equal(Enumerable.Range(1, 10), set.Categories.Select(c => c.Id));
        Assert.Equal(Enumerable.Range(1, instances), set.Annotations.Select(a => a.Id));
        foreach (CocoImage image in set.Images)
        {
            using SKBitmap picture = SKBitmap.Decode(Path.Combine(folder, "images", image.FileName));
            Assert.Equal((640, 480), (picture.Width, picture.Height));
        }
        foreach (CocoAnnotation annotation in set.Annotations)
        {
            Assert.Contains(set.Images, image => image.Id == annotation.ImageId);
            Assert.Contains(set.Categories, category => category.Id == annotation.CategoryId);
            Assert.Equal([480, 640], annotation.Segmentation.Size);
            BinaryMask mask = RunLengthDecoder.Decode(640, 480, annotation.Segmentation.Counts);
            int area = 0;
            for (int y = 0; y < 480; y++)
            {
                for (int x = 0; x < 640; x++)
                {
                    bool within = x >= annotation.Bbox[0] && x < annotation.Bbox[0] + annotation.Bbox[2]
                        && y >= annotation.Bbox[1] && y < annotation.Bbox[1] + annotation.Bbox[3];
                    Assert.True(within || !mask[x, y]);
                    area += mask[x, y] ? 1 : 0;
                }
            }
            Assert.Equal(annotation.Area, area);
            Assert.True(area >= DatasetSynth.MinVisiblePixels);
        }
        Assert.Equal(["set"], Directory.EnumerateFileSystemEntries(_root).Select(Path.GetFileName));
    }

    [Fact]
    public void A_seed_gives_the_same_bytes_on_any_number_of_threads()
    {
        string one = Path.Combine(_root, "one"), three = Path.Combine(_root, "three"), other = Path.Combine(_root, "other");
        DatasetSynth.Write(new() { Seed = 8, Count = 3, Threads = 1 }, one, cancel: Cancel);
        DatasetSynth.Write(new() { Seed = 8, Count = 3, Threads = 3 }, three, cancel: Cancel);
        DatasetSynth.Write(new() { Seed = 9, Count = 3, Threads = 1 }, other, cancel: Cancel);
        foreach (string file in new[] { "annotations.json", "images/000001.png", "images/000003.png" })
        {
            Assert.Equal(File.ReadAllBytes(Path.Combine(one, file)), File.ReadAllBytes(Path.Combine(three, file)));
            Assert.NotEqual(File.ReadAllBytes(Path.Combine(one, file)), File.ReadAllBytes(Path.Combine(other, file)));
        }
    }

    [Fact]
    public void A_folder_in_use_is_refused_and_left_alone()
    {
        File.WriteAllText(Path.Combine(_root, "mine.txt"), "mine");
        var e = Assert.Throws<IOException>(() => DatasetSynth.Write(new() { Count = 1 }, _root, cancel: Cancel));
        Assert.Contains("not empty", e.Message, StringComparison.Ordinal);
        Assert.Equal(["mine.txt"], Directory.EnumerateFileSystemEntries(_root).Select(Path.GetFileName));
    }

    [Fact]
    public void Stopped_work_leaves_nothing_behind()
    {
        using var stop = new CancellationTokenSource();
        Assert.ThrowsAny<OperationCanceledException>(() =>
            DatasetSynth.Write(new() { Count = 50, Threads = 1 }, Path.Combine(_root, "set"), stop.Cancel, stop.Token));
        Assert.Empty(Directory.EnumerateFileSystemEntries(_root));
    }

    [Fact]
    public void Wrong_options_are_all_named()
    {
        var e = Assert.Throws<ArgumentException>(() =>
            DatasetSynth.Write(new() { Count = 0, Width = 5, Height = 9000, Threads = 0 }, Path.Combine(_root, "set"),
                cancel: Cancel));
        foreach (string name in new[] { "count", "width", "height", "threads" })
            Assert.Contains(name, e.Message, StringComparison.Ordinal);
    }

    private static CocoDocument Read(string folder) =>
        JsonSerializer.Deserialize(File.ReadAllBytes(Path.Combine(folder, "annotations.json")),
            CocoDocumentJson.Default.CocoDocument)!;
}
