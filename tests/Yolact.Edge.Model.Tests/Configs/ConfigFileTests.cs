using Yolact.Edge.Model.Configs;

namespace Yolact.Edge.Model.Tests.Configs;

public class ConfigFileTests
{
    public static TheoryData<string> Names => [.. NamedConfigs.All.Select(config => config.Name)];

    [Theory]
    [MemberData(nameof(Names))]
    public void Named_configs_are_valid_and_survive_json(string name)
    {
        YolactConfig config = NamedConfigs.Find(name)!;

        Assert.Empty(ConfigValidator.Validate(config));
        YolactConfig read = ConfigFile.Parse(ConfigFile.Write(config), name);
        Assert.Equal(ConfigFile.Write(config), ConfigFile.Write(read));
        Assert.Equal(config.Backbone.DeformableBlocks(), read.Backbone.DeformableBlocks());
    }

    [Fact]
    public void Every_error_is_reported_at_once_with_its_path()
    {
        const string Json = """
            {
              "name": "Bad Name", "input_size": 5,
              "backbone": { "blocks": [3, 4, 6, 3], "selected_stages": [1, 3], "deformable": { "layers": [1], "interval": 0 } },
              "anchors": { "scales": [[24], [48, 50]], "ratios": [0] },
              "selection": { "score_floor": 2 },
              "classes": ["a", "a"]
            }
            """;

        InvalidConfigException error = Assert.Throws<InvalidConfigException>(() => ConfigFile.Parse(Json, "bad.json"));

        string[] paths = [.. error.Errors.Select(e => e[..e.IndexOf(':')])];
        Assert.Equal(
            ["$.name", "$.input_size", "$.backbone.selected_stages", "$.backbone.deformable.layers", "$.backbone.deformable.interval",
                "$.anchors.ratios", "$.anchors.scales", "$.selection.score_floor", "$.classes"], paths);
    }

    [Theory]
    [InlineData("")]
    [InlineData("null")]
    [InlineData("[]")]
    [InlineData("{")]
    [InlineData("""{"name": "a", "surprise": 1}""")]
    [InlineData("""{"name": "a", "backbone": null, "anchors": null, "classes": null}""")]
    [InlineData("""{"name": "a", "backbone": {"blocks": null}, "anchors": {"scales": [null]}, "classes": [null], "pyramid": null}""")]
    public void Anything_else_is_a_clear_error(string json) =>
        Assert.Throws<InvalidConfigException>(() => ConfigFile.Parse(json, "odd.json"));

    [Fact]
    public void Deformable_blocks_follow_the_reference()
    {
        static IEnumerable<(int, int)> Of(string name) => NamedConfigs.Find(name)!.Backbone.DeformableBlocks();

        Assert.Equal(13, Of("yolact_plus_resnet50").Count());
        Assert.Equal([(1, 0), (1, 3), (2, 0), (2, 3), (2, 6), (2, 9), (2, 12), (2, 15), (2, 18), (2, 21), (3, 0)], Of("yolact_plus_base"));
        Assert.Empty(Of("yolact_base"));

        // The paper's "last 10" and "last 13" of ResNet-101 and "interval 4".
        BackboneConfig Last(int fourth, int interval) => new()
        {
            Blocks = [3, 4, 23, 3],
            Deformable = new DeformableConfig { Layers = [0, interval > 1 ? 4 : 0, fourth, 3], Interval = interval },
        };
        Assert.Equal(10, Last(7, 1).DeformableBlocks().Count());
        Assert.Equal(13, Last(10, 1).DeformableBlocks().Count());
        Assert.Equal(8, Last(23, 4).DeformableBlocks().Count());
    }
}
