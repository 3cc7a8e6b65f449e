using Yolact.Edge.Model.Configs;
using Yolact.Edge.Model.Graphs;
using Yolact.Edge.Model.Onnx;

namespace Yolact.Edge.Model.Tests.Graphs;

public class StageTensorsTests
{
    public static TheoryData<string> Networks => [.. NamedConfigs.All.Select(config => config.Name)];

    [Theory]
    [MemberData(nameof(Networks))]
    public void Every_named_network_has_the_values_at_which_it_is_cut(string name)
    {
        YolactConfig config = NamedConfigs.Find(name)!;
        var graph = new GraphBuilder(19, halfWeights: false);
        YolactGraph.Add(new NetworkBuilder(config, graph, (_, values) => values.Clear(), DeformLowering.Native), InputForm.Float, taps: false);
        var index = new GraphIndex(graph.Graph);

        string[] cuts = [.. StageTensors.Backbone(config), .. StageTensors.Pyramid(config), StageTensors.Rows];

        Assert.Equal(3 + 5 + 1, cuts.Length);
        Assert.All(cuts, cut => Assert.NotNull(index.ProducerOf(cut)));
        // P3 is the finest level, each further one half its size.
        long[] sides = [.. StageTensors.Pyramid(config).Select(level => index.ShapeOf(level)[2])];
        Assert.All(sides.Zip(sides.Skip(1)), pair => Assert.InRange(pair.First, (2 * pair.Second) - 1, 2 * pair.Second));
    }
}
