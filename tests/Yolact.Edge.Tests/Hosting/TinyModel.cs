using Yolact.Edge.Model.Configs;
using Yolact.Edge.Model.Import;
using Yolact.Edge.Simulation.Parts;
using Yolact.Edge.TestSupport;

namespace Yolact.Edge.Tests.Hosting;

/// <summary>A network with made-up weights that sees something in every picture, in a few ms.</summary>
public sealed class TinyModel : IDisposable
{
    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("yolact-tiny-");

    public TinyModel() => Path = Write(_folder.FullName, Config.Name).Main;

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
    public string[] Settings => SettingsFor(Path);

    /// <summary>Settings that make an appliance use a file of this network, and report whatever it sees.</summary>
    public static string[] SettingsFor(string path) => [$"model/path={path}", "detector/final_threshold=0", "detector/score_threshold=0.05"];

    /// <summary>Files of this network in another folder, and with other content where the bias is another.</summary>
    public static ModelFiles Write(string folder, string name, float bias = 0) => SyntheticModel.Write(Config, folder, name, bias: bias);

    public void Dispose() => _folder.Delete(recursive: true);
}
