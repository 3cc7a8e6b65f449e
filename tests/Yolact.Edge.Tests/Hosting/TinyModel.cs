using Yolact.Edge.Model.Configs;
using Yolact.Edge.Model.Import;
using Yolact.Edge.Model.Parameters;
using Yolact.Edge.Simulation.Parts;
using Yolact.Edge.TestSupport;

namespace Yolact.Edge.Tests.Hosting;

/// <summary>A network with made-up weights that sees something in every picture, in a few ms.</summary>
public sealed class TinyModel : IDisposable
{
    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("yolact-tiny-");

    public TinyModel()
    {
        ModelFiles files = ModelFiles.In(_folder.FullName, Config.Name);
        Dictionary<string, float[]> weights = new(SyntheticWeights.For(Config));
        weights["prediction_layers.0.conf_layer.bias"].AsSpan().Clear(); // the made-up background would hide everything
        ModelWriter.Write(new ModelMetadata(Config, ModelMetadata.ThisBuilder, "", new ImportOptions()), ParameterSet.FromMemory(Config, weights).Read, files);
        Path = files.Main;
    }

    public static YolactConfig Config { get; } = new()
    {
        Name = "tiny",
        InputSize = 128,
        Backbone = new BackboneConfig { Block = ResidualBlock.Basic, Blocks = [1, 1, 1, 1], Width = 8 },
        Pyramid = new PyramidConfig { Channels = 16, ExtraLevels = 0 },
        Prototypes = new PrototypeConfig { Count = 8, Channels = 16 },
        Anchors = new AnchorConfig { Scales = NamedConfigs.OnePerLevel([24, 48, 96]) },
        Classes = BeltParts.ClassNames,
    };

    /// <summary>The main graph's file.</summary>
    public string Path { get; }

    /// <summary>Settings that make an appliance use it, and report whatever it sees.</summary>
    public string[] Settings => [$"model/path={Path}", "detector/final_threshold=0", "detector/score_threshold=0.05"];

    public void Dispose() => _folder.Delete(recursive: true);
}
