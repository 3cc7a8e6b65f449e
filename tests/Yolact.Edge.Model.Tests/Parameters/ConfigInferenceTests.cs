using System.Text;
using System.Text.Json;
using Yolact.Edge.Model.Checkpoints;
using Yolact.Edge.Model.Configs;
using Yolact.Edge.Model.Parameters;

namespace Yolact.Edge.Model.Tests.Parameters;

public sealed class ConfigInferenceTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Theory]
    [InlineData("yolact_darknet53")]
    [InlineData("yolact_resnet50")]
    [InlineData("yolact_resnet50_pascal")]
    [InlineData("yolact_plus_base")]
    [InlineData("yolact_plus_resnet50")]
    public void Parameters_alone_tell_most_networks(string name)
    {
        InferredConfig inferred = Infer("weights.pth", NamedConfigs.Find(name)!);
        Assert.Equal(name, inferred.Config.Name);
        Assert.Empty(inferred.Alternatives);
        Assert.Null(inferred.Note);
    }

    [Theory]
    [InlineData("yolact_im700_54_800000.pth", "yolact_im700")]
    [InlineData("Yolact-IM400.pth", "yolact_im400")]
    [InlineData("yolact_base_54_800000.pth", "yolact_base")]
    public void The_file_name_decides_between_networks_of_the_same_parameters(string file, string expected)
    {
        InferredConfig inferred = Infer(file, NamedConfigs.Find("yolact_base")!);
        Assert.Equal(expected, inferred.Config.Name);
        Assert.True(inferred.ByFileName);
        Assert.Equal(2, inferred.Alternatives.Length);
        Assert.Contains("by the file's name", inferred.Note, StringComparison.Ordinal);
    }

    [Fact]
    public void Without_a_telling_name_the_first_is_taken_and_the_others_are_named()
    {
        InferredConfig inferred = Infer("weights.pth", NamedConfigs.Find("yolact_im700")!);
        Assert.Equal("yolact_base", inferred.Config.Name);
        Assert.False(inferred.ByFileName);
        Assert.Equal(["yolact_im400", "yolact_im700"], inferred.Alternatives);
        Assert.Contains("--config", inferred.Note, StringComparison.Ordinal);
    }

    [Fact]
    public void A_misleading_name_does_not_outweigh_the_parameters() =>
        Assert.Equal("yolact_resnet50", Infer("yolact_im700.pth", NamedConfigs.Find("yolact_resnet50")!).Config.Name);

    [Fact]
    public void An_unknown_network_is_refused_with_the_nearest()
    {
        YolactConfig trained = NamedConfigs.Find("yolact_plus_resnet50")! with { Classes = ["bolt", "nut", "washer"] };
        var error = Assert.Throws<UnknownNetworkException>(() => Infer("bolts.pth", trained));

        Assert.Contains("Nearest are yolact_plus_resnet50 (6 differ)", error.Message, StringComparison.Ordinal);
        Assert.Contains("prediction_layers.0.conf_layer.weight is [36, 256, 3, 3], not [729, 256, 3, 3]", error.Message, StringComparison.Ordinal);
        Assert.Contains("--config FILE.json", error.Message, StringComparison.Ordinal);
        Assert.Contains("and 1 more", error.Message, StringComparison.Ordinal);
    }

    private InferredConfig Infer(string file, YolactConfig config)
    {
        using var checkpoint = Checkpoint.Open(WriteShapes(file, config));
        return ConfigInference.Infer(checkpoint);
    }

    /// <summary>A checkpoint of the right names and shapes whose values are never read: the data are a hole in the file.</summary>
    private string WriteShapes(string file, YolactConfig config)
    {
        long offset = 0;
        var header = new Dictionary<string, object>();
        foreach (ParameterSpec spec in ParameterList.Of(config))
        {
            long end = offset + ((long)spec.Count * spec.Type.Size());
            header.Add(spec.Name, new Dictionary<string, object>
            {
                ["dtype"] = spec.Type == ElementType.Int64 ? "I64" : "F32",
                ["shape"] = spec.Shape.ToArray(),
                ["data_offsets"] = new[] { offset, end },
            });
            offset = end;
        }
        byte[] json = Encoding.UTF8.GetBytes(JsonSerializer.Serialize(header));
        string path = _folder.File(file);
        using FileStream stream = File.Create(path);
        stream.Write(BitConverter.GetBytes((long)json.Length));
        stream.Write(json);
        stream.SetLength(stream.Position + offset);
        return path;
    }
}
