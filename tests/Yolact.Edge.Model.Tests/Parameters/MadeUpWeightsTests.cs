using Yolact.Edge.Model.Configs;
using Yolact.Edge.Model.Graphs;
using Yolact.Edge.Model.Parameters;

namespace Yolact.Edge.Model.Tests.Parameters;

public class MadeUpWeightsTests
{
    [Fact]
    public void The_same_name_gets_the_same_finite_values_and_another_one_others()
    {
        YolactConfig config = NamedConfigs.Find("yolact_plus_resnet50")!;
        ParameterReader read = MadeUpWeights.ReaderFor(config);
        var first = new float[256 * 256 * 9];
        var second = new float[first.Length];
        var other = new float[first.Length];
        read("fpn.pred_layers.0.weight", first);
        MadeUpWeights.ReaderFor(config)("fpn.pred_layers.0.weight", second);
        read("fpn.pred_layers.1.weight", other);

        Assert.Equal(first, second);
        Assert.NotEqual(first, other);
        // He: variance 2 / fan in.
        Assert.Equal(2.0 / (256 * 9), first.Average(value => (double)value * value), 1e-5);
    }

    [Fact]
    public void Batch_norm_divides_by_one()
    {
        ParameterReader read = MadeUpWeights.ReaderFor(NamedConfigs.Find("yolact_base")!);
        var values = new float[64];
        read("backbone.bn1.running_var", values);
        Assert.All(values, value => Assert.Equal(1, value));
        read("backbone.bn1.running_mean", values);
        Assert.All(values, value => Assert.Equal(0, value));
    }
}
