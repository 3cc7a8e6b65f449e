using System.Globalization;
using Yolact.Edge.Model.Checkpoints;
using Yolact.Edge.Model.Configs;
using Yolact.Edge.Model.Parameters;

namespace Yolact.Edge.TestSupport;

/// <summary>Checkpoints of synthetic weights, as the authors' releases are laid out.</summary>
public static class SyntheticCheckpoint
{
    private const string Layers = "backbone.layers.";

    /// <summary>Writes a network's checkpoint.</summary>
    /// <param name="path">Where to.</param>
    /// <param name="config">The network.</param>
    /// <param name="format">The format.</param>
    /// <param name="location">Device tag of the storages, such as <c>cuda:0</c>.</param>
    /// <param name="historicalKeys">Adds the keys that loading must drop: <c>backbone.layerN</c> aliases and one more downsampling layer.</param>
    /// <param name="dataParallel">Puts <c>module.</c> in front of every key.</param>
    public static void Write(string path, YolactConfig config, CheckpointFormat format,
        string location = "cpu", bool historicalKeys = false, bool dataParallel = false)
    {
        List<CheckpointTensor> tensors = Tensors(config);
        if (historicalKeys)
            AddHistoricalKeys(tensors, config);
        if (dataParallel)
            tensors = [.. tensors.Select(tensor => tensor with { Name = "module." + tensor.Name })];
        CheckpointWriter.Write(path, format, tensors, location);
    }

    /// <summary>Every tensor of the network, in the reference's order.</summary>
    public static List<CheckpointTensor> Tensors(YolactConfig config)
    {
        IReadOnlyDictionary<string, float[]> values = SyntheticWeights.For(config);
        return
        [
            .. ParameterList.Of(config).Select(spec => spec.Type == ElementType.Int64
                ? CheckpointTensor.Scalar(spec.Name, SyntheticWeights.BatchesTracked)
                : CheckpointTensor.Of(spec.Name, [.. spec.Shape], values[spec.Name])),
        ];
    }

    private static void AddHistoricalKeys(List<CheckpointTensor> tensors, YolactConfig config)
    {
        foreach (CheckpointTensor tensor in tensors.Where(tensor => tensor.Name.StartsWith(Layers, StringComparison.Ordinal)).ToArray())
        {
            string[] parts = tensor.Name[Layers.Length..].Split('.', 2);
            int stage = int.Parse(parts[0], CultureInfo.InvariantCulture);
            tensors.Add(tensor with { Name = $"backbone.layer{stage + 1}.{parts[1]}" });
        }
        foreach ((string part, int[] shape) in new (string, int[])[] { ("weight", [256, 256, 3, 3]), ("bias", [256]) })
        {
            string name = $"fpn.downsample_layers.{config.Pyramid.ExtraLevels}.{part}";
            tensors.Add(CheckpointTensor.Of(name, shape, SyntheticWeights.Values(name, shape, config.Name, config.ClassesWithBackground)));
        }
    }
}
