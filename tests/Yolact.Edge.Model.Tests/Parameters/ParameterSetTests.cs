using Yolact.Edge.Model.Checkpoints;
using Yolact.Edge.Model.Configs;
using Yolact.Edge.Model.Parameters;
using Yolact.Edge.TestSupport;

namespace Yolact.Edge.Model.Tests.Parameters;

public sealed class ParameterSetTests : IDisposable
{
    private static readonly YolactConfig Small = new()
    {
        Name = "small",
        InputSize = 128,
        Backbone = new BackboneConfig { Blocks = [1, 1, 1, 1], Block = ResidualBlock.Basic, Width = 8 },
        Pyramid = new PyramidConfig { Channels = 8 },
        Prototypes = new PrototypeConfig { Count = 4, Channels = 8 },
        Anchors = new AnchorConfig { Scales = NamedConfigs.OnePerLevel([24, 48, 96, 192, 384]) },
        Classes = ["bolt", "nut"],
    };

    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Theory]
    [InlineData(CheckpointFormat.PyTorchZip, "cpu", false, false)]
    [InlineData(CheckpointFormat.PyTorchLegacy, "cuda:0", true, true)]
    [InlineData(CheckpointFormat.Safetensors, "cpu", false, true)]
    public void Every_parameter_of_a_checkpoint_is_found(CheckpointFormat format, string location, bool historicalKeys, bool dataParallel)
    {
        string path = _folder.File("small.pth");
        SyntheticCheckpoint.Write(path, Small, format, location, historicalKeys, dataParallel);
        using var checkpoint = Checkpoint.Open(path);
        ParameterSet parameters = ParameterSet.Load(checkpoint, Small);

        foreach ((string name, float[] expected) in SyntheticWeights.For(Small).Where(item => !item.Key.StartsWith("semantic", StringComparison.Ordinal)))
            Assert.Equal(expected, parameters.Read(name));
        Assert.True(parameters.Contains("backbone.conv1.weight"));
        Assert.False(parameters.Contains("backbone.bn1.num_batches_tracked"));
    }

    [Fact]
    public void What_only_training_needs_may_be_absent()
    {
        var needed = ParameterList.Of(Small).Where(spec => !spec.TrainingOnly).Select(spec => spec.Name).ToHashSet();
        using Checkpoint checkpoint = Write(SyntheticCheckpoint.Tensors(Small).Where(tensor => needed.Contains(tensor.Name)));

        Assert.Equal(needed.Count, checkpoint.Tensors.Count);
        Assert.Equal(8, ParameterSet.Load(checkpoint, Small).Read("backbone.bn1.weight").Length);
    }

    [Fact]
    public void Missing_unexpected_and_misshaped_parameters_are_all_listed()
    {
        List<CheckpointTensor> tensors = SyntheticCheckpoint.Tensors(Small);
        tensors.RemoveAll(tensor => tensor.Name is "backbone.conv1.weight" or "fpn.lat_layers.1.bias");
        int bias = tensors.FindIndex(tensor => tensor.Name == "proto_net.0.bias");
        tensors[bias] = CheckpointTensor.Of("proto_net.0.bias", [9], new float[9]);
        tensors.Add(CheckpointTensor.Of("backbone.layers.7.0.conv1.weight", [1], [1f]));
        using Checkpoint checkpoint = Write(tensors);

        var error = Assert.Throws<ParameterMismatchException>(() => ParameterSet.Load(checkpoint, Small));

        Assert.Equal(["backbone.conv1.weight", "fpn.lat_layers.1.bias"], error.Difference.Missing.Select(spec => spec.Name).Order());
        Assert.Equal(["backbone.layers.7.0.conv1.weight"], error.Difference.Unexpected);
        Assert.Contains(checkpoint.Path, error.Message, StringComparison.Ordinal);
        Assert.Contains("4 parameters are not those of small", error.Message, StringComparison.Ordinal);
        Assert.Contains("missing: backbone.conv1.weight [8, 3, 7, 7]", error.Message, StringComparison.Ordinal);
        Assert.Contains("unexpected: backbone.layers.7.0.conv1.weight", error.Message, StringComparison.Ordinal);
        Assert.Contains("shape: proto_net.0.bias is [9], not [8]", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Torchvision_names_are_dropped_beside_the_reference_names_alone()
    {
        CheckpointTensor[] tensors = [.. SyntheticCheckpoint.Tensors(Small).Select(tensor =>
            tensor with { Name = tensor.Name.Replace("backbone.layers.", "backbone.layer", StringComparison.Ordinal) })];
        using Checkpoint checkpoint = Write(tensors);

        var error = Assert.Throws<ParameterMismatchException>(() => ParameterSet.Load(checkpoint, Small));
        Assert.Contains(error.Difference.Unexpected, name => name == "backbone.layer0.0.conv1.weight");
    }

    [Fact]
    public void Parameters_in_memory_are_checked()
    {
        Dictionary<string, float[]> values = SyntheticWeights.For(Small).ToDictionary();
        Assert.Equal(values["proto_net.8.bias"], ParameterSet.FromMemory(Small, values).Read("proto_net.8.bias"));

        values["proto_net.8.bias"] = [1];
        Assert.Throws<ArgumentException>(() => ParameterSet.FromMemory(Small, values));
    }

    private Checkpoint Write(IEnumerable<CheckpointTensor> tensors)
    {
        string path = _folder.File("written.pth");
        CheckpointWriter.Write(path, CheckpointFormat.PyTorchZip, [.. tensors]);
        return Checkpoint.Open(path);
    }
}
