namespace Yolact.Edge.Model.Import;

/// <summary>The files of a model: <c>NAME.onnx</c> and, where it re-scores masks, <c>NAME.rescore.onnx</c> beside it.</summary>
/// <param name="Main">Path of the main graph.</param>
public readonly record struct ModelFiles(string Main)
{
    private const string Extension = ".onnx";
    private const string RescoreExtension = ".rescore.onnx";

    /// <summary>Path of the re-scoring graph, whether or not there is one.</summary>
    public string Rescore => Path.ChangeExtension(Main, null) + RescoreExtension;

    /// <summary>The model's name: that of the main file without its extension.</summary>
    public string Name => Path.GetFileNameWithoutExtension(Main);

    /// <summary>The files of a model of that name in a folder.</summary>
    /// <param name="folder">Where.</param>
    /// <param name="name">Of the model.</param>
    public static ModelFiles In(string folder, string name) => new(Path.Combine(folder, name + Extension));

    /// <summary>The models of a folder, by name.</summary>
    /// <param name="folder">Where; may be missing.</param>
    public static IReadOnlyList<ModelFiles> List(string folder) => !Directory.Exists(folder)
        ? []
        : [.. Directory.EnumerateFiles(folder, "*" + Extension)
            .Where(file => !file.EndsWith(RescoreExtension, StringComparison.Ordinal))
            .Order(StringComparer.Ordinal)
            .Select(file => new ModelFiles(file))];
}
