using Yolact.Edge.Model.Checkpoints;
using Yolact.Edge.Model.Configs;
using Yolact.Edge.Model.Import;
using Yolact.Edge.TestSupport;
using Yolact.Edge.Vision.Engines;
using Yolact.Edge.Vision.Rescoring;

namespace Yolact.Edge.Vision.Tests.Golden;

/// <summary>
/// A named network with the weights that the reference data were made with, on its whole way: checkpoint file, import with taps,
/// ONNX files, engines.
/// </summary>
internal sealed class GoldenModel : IDisposable
{
    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("yolact-golden-");

    public GoldenModel(string name)
    {
        Config = NamedConfigs.Find(name)
            ?? throw new InvalidDataException($"The reference data name an unknown network: {name}.");
        try
        {
            string checkpoint = Path.Combine(_folder.FullName, name + ".pth");
            SyntheticCheckpoint.Write(checkpoint, Config, CheckpointFormat.PyTorchLegacy);
            ModelFiles files = ModelFiles.In(_folder.FullName, name);
            ModelImporter.Import(checkpoint, Config, new ImportOptions { Taps = true }, files);
            File.Delete(checkpoint);
            Engine = new DetectionEngine(files.Main, new EngineOptions());
            if (Config.MaskRescoring is not null)
                Rescoring = new RescoringEngine(files.Rescore, new EngineOptions(), Engine);
        }
        catch
        {
            Dispose();
            throw;
        }
    }

    public YolactConfig Config { get; }

    public DetectionEngine Engine { get; } = null!;

    public RescoringEngine? Rescoring { get; }

    public void Dispose()
    {
        Rescoring?.Dispose();
        Engine?.Dispose();
        _folder.Delete(recursive: true);
    }
}
