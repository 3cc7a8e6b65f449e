using System.Text.Json;
using Yolact.Edge.Evaluation.Coco;
using Yolact.Edge.Imaging;
using Yolact.Edge.Imaging.Rle;

namespace Yolact.Edge.Evaluation.Tests.Coco;

public class CocoResultWriterTests
{
    [Fact]
    public void Detections_are_written_as_coco_readers_expect_them()
    {
        var mask = new BinaryMask(7, 5, new PixelRect(2, 1, 3, 3), new ulong[] { 0b111, 0b101, 0b111 });
        Detection[] detections =
        [
            new(1, 0.5f, 0.75f, new Box(2, 1, 5, 4), 17, mask),
            new(0, 0.25f, float.NaN, new Box(0, 0, 1.5f, 2), 3, default),
        ];
        using var stream = new MemoryStream();
        using (var writer = new CocoResultWriter(stream))
        {
            writer.Write(42, "a \"b\".png", detections, [7, 13]);
            writer.Write(43, "empty.png", [], [7, 13]);
        }

        JsonElement results = JsonDocument.Parse(stream.ToArray()).RootElement;

        Assert.Equal(2, results.GetArrayLength());
        JsonElement first = results[0], second = results[1];
        Assert.Equal((42, 13, 0.375f), (first.GetProperty("image_id").GetInt32(), first.GetProperty("category_id").GetInt32(), first.GetProperty("score").GetSingle()));
        Assert.Equal([2f, 1f, 3f, 3f], first.GetProperty("bbox").EnumerateArray().Select(v => v.GetSingle()));
        Assert.Equal([5, 7], first.GetProperty("segmentation").GetProperty("size").EnumerateArray().Select(v => v.GetInt32()));
        BinaryMask read = RunLengthDecoder.Decode(7, 5, first.GetProperty("segmentation").GetProperty("counts").GetString());
        Assert.Equal(1, MaskMeasures.Iou(mask, read));
        Assert.Equal("a \"b\".png", first.GetProperty("file_name").GetString());
        Assert.Equal(0.25f, second.GetProperty("score").GetSingle());
        Assert.False(second.TryGetProperty("segmentation", out _));
        Assert.False(second.TryGetProperty("mask_iou", out _));
    }
}
