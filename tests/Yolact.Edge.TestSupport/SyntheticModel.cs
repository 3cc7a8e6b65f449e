using Yolact.Edge.Model.Configs;
using Yolact.Edge.Model.Import;
using Yolact.Edge.Model.Parameters;

namespace Yolact.Edge.TestSupport;

/// <summary>Model files of synthetic weights that see something in every picture.</summary>
public static class SyntheticModel
{
    /// <summary>Writes a network's graphs by the real graph builder.</summary>
    /// <param name="config">The network.</param>
    /// <param name="folder">Where to; made where it is not there.</param>
    /// <param name="name">The model's name; the network's own if left out.</param>
    /// <param name="options">How to write it.</param>
    /// <param name="bias">Of every class, the background's included: makes files differ in content.</param>
    /// <returns>The files.</returns>
    public static ModelFiles Write(YolactConfig config, string folder, string? name = null, ImportOptions? options = null, float bias = 0)
    {
        ArgumentNullException.ThrowIfNull(config);
        Directory.CreateDirectory(folder);
        ModelFiles files = ModelFiles.In(folder, name ?? config.Name);
        Dictionary<string, float[]> weights = new(SyntheticWeights.For(config));
        // The made-up background would hide everything.
        weights["prediction_layers.0.conf_layer.bias"].AsSpan().Fill(bias);
        var metadata = new ModelMetadata(config, ModelMetadata.ThisBuilder, "", options ?? new ImportOptions());
        ModelWriter.Write(metadata, ParameterSet.FromMemory(config, weights).Read, files);
        return files;
    }
}
