using Yolact.Edge.Model.Anchors;
using Yolact.Edge.Model.Configs;

namespace Yolact.Edge.Model.Tests.Anchors;

public class AnchorGridTests
{
    [Theory]
    [InlineData("yolact_base", 19248, new[] { 69, 35, 18, 9, 5 })]
    [InlineData("yolact_im400", 10077, new[] { 50, 25, 13, 7, 4 })]
    [InlineData("yolact_im700", 30963, new[] { 88, 44, 22, 11, 6 })]
    [InlineData("yolact_darknet53", 19248, new[] { 69, 35, 18, 9, 5 })]
    [InlineData("yolact_plus_resnet50", 57744, new[] { 69, 35, 18, 9, 5 })]
    public void The_published_networks_have_their_published_grids(string name, int priors, int[] sides)
    {
        YolactConfig config = NamedConfigs.Find(name)!;

        Assert.Equal(sides, FeatureLevels.Pyramid(config));
        Assert.Equal(priors, AnchorGrid.Count(config));
        Assert.Equal(4 * priors, AnchorGrid.Create(config).Length);
    }

    [Fact]
    public void Scales_run_before_ratios_within_a_cell()
    {
        YolactConfig config = NamedConfigs.Find("yolact_plus_resnet50")!;

        float[] priors = AnchorGrid.Create(config);

        // First cell of P3: centre (.5 / 69), scale 24 with ratios 1, 1/2, 2, then scale 24 * 2^(1/3).
        double side = 24 / 550.0;
        Assert.Equal(0.5f / 69, priors[0]);
        Assert.Equal((float)side, priors[2]);
        Assert.Equal((float)(side * Math.Sqrt(0.5)), priors[4 + 2]);
        Assert.Equal((float)(side / Math.Sqrt(0.5)), priors[4 + 3]);
        Assert.Equal((float)(side * Math.Sqrt(2)), priors[8 + 2]);
        Assert.Equal((float)(side * Math.Pow(2, 1 / 3.0)), priors[12 + 2], 1e-7f);
    }

    [Fact]
    public void Square_anchors_take_their_height_from_the_width()
    {
        float[] priors = AnchorGrid.Create(NamedConfigs.Find("yolact_base")!);

        for (int i = 0; i < priors.Length; i += 4)
            Assert.Equal(priors[i + 2], priors[i + 3]);
        Assert.Equal((float)(24 * Math.Sqrt(0.5) / 550), priors[4 + 2]);
    }
}
