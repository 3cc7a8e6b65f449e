using Yolact.Edge.Model.Configs;
using Yolact.Edge.Model.Import;
using Yolact.Edge.Models;

namespace Yolact.Edge.Doctor.Checks;

/// <summary>The network that the configuration names is there, and one of ours.</summary>
internal static class ModelCheck
{
    public static Diagnosis Run(CheckContext context)
    {
        if (context.Options is not { } options)
            return Diagnosis.NotApplicable("which network is not known without a configuration");
        try
        {
            ModelFiles files = ModelFolders.Find(options.Model.Path);
            ModelMetadata metadata = OnnxMetadata.Read(files.Main);
            YolactConfig config = metadata.Config;
            return Diagnosis.Ok($"{config.Name}, {config.InputSize} px, {config.Classes.Count} classes: {files.Main}");
        }
        catch (Exception error)
            when (error is IOException or UnauthorizedAccessException or InvalidDataException or InvalidConfigException)
        {
            return Diagnosis.Failed(error.Message,
                "'yolact-edge model list' shows which models are here; 'model import' and 'model pull' add one.");
        }
    }
}
