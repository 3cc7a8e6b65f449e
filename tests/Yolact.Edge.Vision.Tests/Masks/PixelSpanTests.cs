using System.Text.Json;
using CsCheck;
using Yolact.Edge.Imaging;
using Yolact.Edge.Vision.Masks;
using Yolact.Edge.Vision.Tests.Golden;

namespace Yolact.Edge.Vision.Tests.Masks;

public class PixelSpanTests
{
    [Fact]
    public void Crops_equal_the_reference()
    {
        JsonElement unit = UnitCases.Case("crop_padding1_on_12x10");
        Box[] boxes = Boxes(unit);
        JsonElement[] kept = [.. unit.GetProperty("rows_cols_kept").EnumerateArray()];
        for (int i = 0; i < boxes.Length; i++)
        {
            // First and last row, first and last column; null where none.
            PixelRect crop = PixelSpan.Crop(boxes[i], 12, 10);
            int[]? expected = kept[i].ValueKind == JsonValueKind.Null ? null
                : [.. kept[i].EnumerateArray().Select(v => v.GetInt32())];
            Assert.Equal(expected, crop.IsEmpty ? null : [crop.Y, crop.Bottom - 1, crop.X, crop.Right - 1]);
        }
    }

    [Fact]
    public void Pixel_boxes_equal_the_reference_after_truncation()
    {
        JsonElement unit = UnitCases.Case("pixel_boxes_640x480");
        Box[] boxes = Boxes(unit);
        JsonElement[] expected = [.. unit.GetProperty("result").EnumerateArray()];
        for (int i = 0; i < boxes.Length; i++)
        {
            Box px = PixelSpan.Of(boxes[i], 640, 480);
            Assert.Equal(expected[i].EnumerateArray()
                .Select(v => v.GetInt32()), [(int)px.X1, (int)px.Y1, (int)px.X2, (int)px.Y2]);
        }
    }

    [Fact]
    public void A_crop_holds_exactly_the_pixels_that_the_comparisons_keep() =>
        Gen.Select(Gen.Float[-1.5f, 2.5f].Array[4], Gen.Int[1, 40], Gen.Int[1, 40]).Sample((corners, width, height) =>
        {
            var box = new Box(corners[0], corners[1], corners[2], corners[3]);
            PixelRect crop = PixelSpan.Crop(box, width, height);
            float x1 = Math.Max(Math.Min(box.X1 * width, box.X2 * width) - 1, 0);
            float x2 = Math.Min(Math.Max(box.X1 * width, box.X2 * width) + 1, width);
            float y1 = Math.Max(Math.Min(box.Y1 * height, box.Y2 * height) - 1, 0);
            float y2 = Math.Min(Math.Max(box.Y1 * height, box.Y2 * height) + 1, height);
            for (int y = 0; y < height; y++)
            {
                for (int x = 0; x < width; x++)
                {
                    bool inside = x >= crop.X && x < crop.Right && y >= crop.Y && y < crop.Bottom;
                    Assert.Equal(x >= x1 && x < x2 && y >= y1 && y < y2, inside);
                }
            }
        });

    [Fact]
    public void A_box_that_is_no_number_has_no_crop()
    {
        Assert.True(PixelSpan.Crop(new Box(float.NaN, 0, 1, 1), 10, 10).IsEmpty);
        Assert.True(PixelSpan.Crop(new Box(float.NegativeInfinity, 0, float.NaN, 1), 10, 10).IsEmpty);
        Assert.Equal(new PixelRect(0, 0, 10, 10),
            PixelSpan.Crop(new Box(float.NegativeInfinity, -9, float.PositiveInfinity, 9), 10, 10));
    }

    private static Box[] Boxes(JsonElement unit)
    {
        (int[] shape, float[] data) = UnitCases.Tensor(unit.GetProperty("boxes"));
        return [.. Enumerable.Range(0, shape[0])
            .Select(i => new Box(data[4 * i], data[(4 * i) + 1], data[(4 * i) + 2], data[(4 * i) + 3]))];
    }
}
