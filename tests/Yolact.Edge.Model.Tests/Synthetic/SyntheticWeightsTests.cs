using System.Security.Cryptography;
using System.Text;
using Yolact.Edge.Model.Configs;
using Yolact.Edge.Model.Parameters;
using Yolact.Edge.TestSupport;

namespace Yolact.Edge.Model.Tests.Synthetic;

/// <summary>The generator gives the very weights that the reference data were computed with.</summary>
public sealed class SyntheticWeightsTests
{
    [Theory]
    [InlineData("backbone.conv1.weight", 317327, -4515495, -15500453, 1457521, 13973341, -11505403)]
    [InlineData("fpn.lat_layers.0.weight", 3904803, -15032623, 6348991, -603499, -8349599, 15735429)]
    public void Integers_are_the_reference_stream(string name, params int[] expected)
    {
        var stream = new IntegerStream(name);
        Assert.Equal(expected, Enumerable.Range(0, expected.Length).Select(i => (int)stream[i]));
    }

    [Theory]
    [InlineData("backbone.conv1.weight", 0.0032424279488623142, -0.046139054000377655, -0.15838268399238586)]
    [InlineData("backbone.layers.1.0.conv2.conv_offset_mask.weight", 0.022236783057451248, -0.018025100231170654, -0.0309559665620327)]
    [InlineData("backbone.layers.0.0.bn1.running_var", 1.1672102212905884, 1.2125433683395386, 1.279152750968933)]
    [InlineData("fpn.lat_layers.0.weight", 0.01075701043009758, -0.04540466517210007, 0.018005603924393654)]
    [InlineData("prediction_layers.0.conf_layer.bias", 14.45502758026123, 0.34768038988113403, -0.5417267680168152)]
    public void Values_are_bit_equal_to_the_reference_samples(string name, params double[] expected)
    {
        YolactConfig config = NamedConfigs.Find("yolact_plus_resnet50")!;
        ParameterSpec spec = ParameterList.Of(config).Single(spec => spec.Name == name);
        float[] values = SyntheticWeights.Values(name, spec.Shape.AsSpan(), config.Name, config.ClassesWithBackground);
        Assert.Equal(expected, values.Take(expected.Length).Select(value => (double)value));
    }

    /// <summary>The hashes are those of the golden data: over each tensor's name and bytes, in order.</summary>
    [Theory]
    [InlineData("yolact_resnet50", "f65f5344f1f7fd7425ef8a62550b41a93be239863c6f80875b52e642ca11e1e7")]
    [InlineData("yolact_plus_resnet50", "8467fea190d3ee17bd9a321b7408101a83e93588292227977761b1f204736780")]
    public void All_values_have_the_hash_in_the_golden_data(string name, string sha256)
    {
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        foreach (CheckpointTensor tensor in SyntheticCheckpoint.Tensors(NamedConfigs.Find(name)!))
        {
            hash.AppendData(Encoding.UTF8.GetBytes(tensor.Name));
            hash.AppendData(tensor.Bytes);
        }
        Assert.Equal(sha256, Convert.ToHexStringLower(hash.GetHashAndReset()));
    }
}
