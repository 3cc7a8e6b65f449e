using CsCheck;

namespace Yolact.Edge.Imaging.Tests;

public class BoxTests
{
    private static readonly Gen<Box> Boxes =
        Gen.Select(Gen.Int[0, 20], Gen.Int[0, 20], Gen.Int[1, 20], Gen.Int[1, 20], (x, y, w, h) => new Box(x, y, x + w, y + h));

    [Fact]
    public void Iou_of_whole_pixel_boxes_counts_pixels() => Gen.Select(Boxes, Boxes).Sample((a, b) =>
    {
        int both = 0, any = 0;
        for (int x = 0; x < 40; x++)
        {
            for (int y = 0; y < 40; y++)
            {
                bool inA = Holds(a, x, y), inB = Holds(b, x, y);
                both += inA && inB ? 1 : 0;
                any += inA || inB ? 1 : 0;
            }
        }
        Assert.Equal((float)both / any, Box.Iou(a, b), 6);
    });

    [Fact]
    public void Two_boxes_without_area_give_no_number() => Assert.True(float.IsNaN(Box.Iou(new(1, 1, 1, 1), new(1, 1, 1, 1))));

    private static bool Holds(Box box, int x, int y) => x + .5f > box.X1 && x + .5f < box.X2 && y + .5f > box.Y1 && y + .5f < box.Y2;
}
