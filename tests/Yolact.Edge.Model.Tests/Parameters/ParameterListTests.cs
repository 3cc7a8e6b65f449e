using System.IO.Compression;
using System.Text.Json;
using Yolact.Edge.Model.Configs;
using Yolact.Edge.Model.Parameters;

namespace Yolact.Edge.Model.Tests.Parameters;

public sealed class ParameterListTests
{
    public static TheoryData<string> Names => [.. NamedConfigs.All.Select(config => config.Name)];

    [Theory]
    [MemberData(nameof(Names))]
    public void Named_networks_have_the_reference_parameters_in_its_order(string name)
    {
        using var stream = new GZipStream(File.OpenRead(TestData.Path($"{name}.json.gz")), CompressionMode.Decompress);
        using JsonDocument reference = JsonDocument.Parse(stream);
        IEnumerable<string> expected = reference.RootElement.GetProperty("parameters").EnumerateArray()
            .Select(item => $"{item[0].GetString()} [{string.Join(", ", item[1].EnumerateArray().Select(side => side.GetInt32()))}] {item[2].GetString()}");

        IEnumerable<string> actual = ParameterList.Of(NamedConfigs.Find(name)!)
            .Select(spec => $"{spec.Name} [{string.Join(", ", spec.Shape)}] {spec.Type.ToString().ToLowerInvariant()}");

        Assert.Equal(expected, actual);
    }

    [Fact]
    public void Only_counters_and_the_segmentation_branch_are_for_training_alone() =>
        Assert.All(ParameterList.Of(NamedConfigs.Find("yolact_plus_base")!), spec => Assert.Equal(
            spec.Name.EndsWith(".num_batches_tracked", StringComparison.Ordinal) || spec.Name.StartsWith("semantic_seg_conv.", StringComparison.Ordinal),
            spec.TrainingOnly));

    [Fact]
    public void Basic_blocks_have_two_convolutions_and_project_only_where_the_shape_changes()
    {
        YolactConfig config = Custom(ResidualBlock.Basic, [2, 2, 2, 2], deformable: new DeformableConfig { Layers = [0, 1, 2, 2] });
        Dictionary<string, int[]> shapes = Shapes(config);

        Assert.Equal([64, 64, 3, 3], shapes["backbone.layers.0.0.conv1.weight"]);
        Assert.DoesNotContain("backbone.layers.0.0.downsample.0.weight", shapes.Keys);
        Assert.DoesNotContain(shapes.Keys, name => name.Contains("conv3", StringComparison.Ordinal) || name.Contains("bn3", StringComparison.Ordinal));
        Assert.Equal([128, 64, 3, 3], shapes["backbone.layers.1.0.conv1.weight"]);
        Assert.Equal([128, 64, 1, 1], shapes["backbone.layers.1.0.downsample.0.weight"]);
        Assert.DoesNotContain("backbone.layers.1.0.conv2.bias", shapes.Keys);
        Assert.Equal([128], shapes["backbone.layers.1.1.conv2.bias"]);
        Assert.Equal([27, 128, 3, 3], shapes["backbone.layers.1.1.conv2.conv_offset_mask.weight"]);
        Assert.DoesNotContain("backbone.layers.1.1.downsample.0.weight", shapes.Keys);
        Assert.Equal([256, 512, 1, 1], shapes["fpn.lat_layers.0.weight"]);
        Assert.Equal([256, 128, 1, 1], shapes["fpn.lat_layers.2.weight"]);
    }

    [Fact]
    public void Widths_and_counts_of_a_custom_network_reach_every_layer()
    {
        YolactConfig config = Custom(ResidualBlock.Bottleneck, [1, 1, 1, 1]) with
        {
            Pyramid = new PyramidConfig { Channels = 96, ExtraLevels = 1 },
            Prototypes = new PrototypeConfig { Count = 12, Channels = 48 },
            MaskRescoring = new MaskRescoringConfig { Channels = [4, 6] },
        };
        config = config with { Backbone = config.Backbone with { Width = 32 } };
        Dictionary<string, int[]> shapes = Shapes(config);

        Assert.Equal([32, 3, 7, 7], shapes["backbone.conv1.weight"]);
        Assert.Equal([128, 32, 1, 1], shapes["backbone.layers.0.0.downsample.0.weight"]);
        Assert.Equal([1024, 256, 1, 1], shapes["backbone.layers.3.0.conv3.weight"]);
        Assert.Equal([96, 1024, 1, 1], shapes["fpn.lat_layers.0.weight"]);
        Assert.DoesNotContain("fpn.downsample_layers.1.weight", shapes.Keys);
        Assert.Equal([48, 96, 3, 3], shapes["proto_net.0.weight"]);
        Assert.Equal([48, 48, 3, 3], shapes["proto_net.2.weight"]);
        Assert.Equal([12, 48, 1, 1], shapes["proto_net.10.weight"]);
        Assert.Equal([3 * 12, 96, 3, 3], shapes["prediction_layers.0.mask_layer.weight"]);
        Assert.Equal([3 * 3], shapes["prediction_layers.0.conf_layer.bias"]);
        Assert.Equal([6, 4, 3, 3], shapes["maskiou_net.maskiou_net.2.weight"]);
        Assert.Equal([2, 6, 1, 1], shapes["maskiou_net.maskiou_net.4.weight"]);
        Assert.Equal([2, 96, 1, 1], shapes["semantic_seg_conv.weight"]);
    }

    private static YolactConfig Custom(ResidualBlock block, int[] blocks, DeformableConfig? deformable = null) => new()
    {
        Name = "custom",
        Backbone = new BackboneConfig { Block = block, Blocks = blocks, Deformable = deformable },
        Anchors = new AnchorConfig { Scales = NamedConfigs.OnePerLevel([24, 48, 96, 192, 384]) },
        Classes = ["bolt", "nut"],
    };

    private static Dictionary<string, int[]> Shapes(YolactConfig config) =>
        ParameterList.Of(config).ToDictionary(spec => spec.Name, spec => spec.Shape.ToArray());
}
