namespace Yolact.Edge.Imaging.Tests;

public class DetectionTests
{
    [Fact]
    public void The_score_is_the_product_where_the_mask_was_rescored()
    {
        Detection detection = new(3, .8f, 1.5f, default, 0, default);
        Assert.Equal(1.2f, detection.Score, 6);
        Assert.Equal(.8f, (detection with { MaskIou = float.NaN }).Score);
    }
}
