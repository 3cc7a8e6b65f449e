using Yolact.Edge.Model.Import;
using Yolact.Edge.Model.Parameters;
using Yolact.Edge.TestSupport;

namespace Yolact.Edge.Tests.Hosting;

/// <summary>Files of <see cref="TinyModel"/>'s network under other names and with other content.</summary>
internal static class TinyModelFiles
{
    /// <summary>Writes one.</summary>
    /// <param name="folder">Where.</param>
    /// <param name="name">Its name.</param>
    /// <param name="bias">Makes files differ in content.</param>
    public static ModelFiles Write(string folder, string name, float bias = 0)
    {
        Directory.CreateDirectory(folder);
        ModelFiles files = ModelFiles.In(folder, name);
        Dictionary<string, float[]> weights = new(SyntheticWeights.For(TinyModel.Config));
        // The made-up background would hide everything.
        weights["prediction_layers.0.conf_layer.bias"].AsSpan().Fill(bias);
        ModelWriter.Write(
            new ModelMetadata(TinyModel.Config, ModelMetadata.ThisBuilder, "", new ImportOptions()), ParameterSet.FromMemory(TinyModel.Config, weights).Read, files);
        return files;
    }
}
