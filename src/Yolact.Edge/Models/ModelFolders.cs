using Yolact.Edge.Configuration;
using Yolact.Edge.Model.Import;

namespace Yolact.Edge.Models;

/// <summary>Where models lie, and how a model is found by what a person types.</summary>
public static class ModelFolders
{
    /// <summary>Environment variable that names the folder of imported models.</summary>
    public const string Variable = "YOLACT_EDGE_MODELS";

    /// <summary>The model that comes with the program.</summary>
    public const string BundledName = "yolact_belt";

    /// <summary>Models that come with the program: <c>models</c> beside it.</summary>
    public static string Bundled { get; } = Path.Combine(AppContext.BaseDirectory, "models");

    /// <summary>
    /// Imported models: <see cref="Variable"/>, else systemd's state directory, else <c>yolact-edge/models</c> in the user's data folder.
    /// </summary>
    public static string Imported
    {
        get
        {
            if (Environment.GetEnvironmentVariable(Variable) is { Length: > 0 } folder)
                return folder;
            return Path.Combine(StateFolder.Path, "models");
        }
    }

    /// <summary>The model that <paramref name="nameOrPath"/> means: a file, a folder with one model in it, or the name of an imported or bundled model.</summary>
    /// <param name="nameOrPath">What the person typed; null means the bundled model.</param>
    /// <exception cref="FileNotFoundException">There is no such model; says where it was looked for and what there is.</exception>
    public static ModelFiles Find(string? nameOrPath)
    {
        nameOrPath ??= BundledName;
        if (File.Exists(nameOrPath))
            return new ModelFiles(Path.GetFullPath(nameOrPath));
        if (Directory.Exists(nameOrPath))
        {
            IReadOnlyList<ModelFiles> inside = ModelFiles.List(nameOrPath);
            return inside.Count == 1
                ? inside[0]
                : throw new FileNotFoundException($"The folder {nameOrPath} holds {inside.Count} models, one was expected. Name the .onnx file.");
        }
        foreach (string folder in (string[])[Imported, Bundled])
        {
            ModelFiles files = ModelFiles.In(folder, nameOrPath);
            if (File.Exists(files.Main))
                return files;
        }
        string known = string.Join(", ", All().Select(model => model.Files.Name));
        throw new FileNotFoundException(
            $"There is no model '{nameOrPath}': no such file, and none of that name in {Imported} or {Bundled} (which hold: {(known.Length > 0 ? known : "none")}). "
            + "Import a checkpoint with 'yolact-edge model import', or name an .onnx file.");
    }

    /// <summary>All models, bundled ones first.</summary>
    public static IEnumerable<(ModelFiles Files, bool IsBundled)> All() =>
        [.. ModelFiles.List(Bundled).Select(files => (files, true)), .. ModelFiles.List(Imported).Select(files => (files, false))];
}
