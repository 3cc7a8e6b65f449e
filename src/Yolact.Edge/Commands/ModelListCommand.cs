using System.CommandLine;
using System.Text.Json;
using System.Text.Json.Serialization;
using Spectre.Console;
using Yolact.Edge.Model.Configs;
using Yolact.Edge.Model.Import;
using Yolact.Edge.Models;

namespace Yolact.Edge.Commands;

/// <summary><c>model list</c>: bundled and imported models, and the networks that can be imported.</summary>
public static class ModelListCommand
{
    /// <summary>The command.</summary>
    public static Command Create()
    {
        var json = new Option<bool>("--json") { Description = "Print JSON." };
        var command = new Command("list", $"""
            List the models at hand and the networks that 'model import' knows by name.

            Imported models lie in {ModelFolders.Imported} ({ModelFolders.Variable} names another folder).
            """)
        { json };
        command.SetAction(result => CommandErrors.Guard(() => List(result.GetValue(json))));
        return command;
    }

    private static int List(bool json)
    {
        ModelListing[] models = [.. ModelFolders.All().Select(model => Describe(model.Files, model.IsBundled))];
        if (json)
        {
            Console.WriteLine(JsonSerializer.Serialize(
                new ModelCatalogue(models, [.. NamedConfigs.All.Select(config => config.Name)]), ModelListJson.Default.ModelCatalogue));
            return ExitCode.Ok;
        }
        var table = new Table().Title("Models").AddColumns("name", "network", "input", "classes", "size", "path");
        foreach (ModelListing model in models)
            table.AddRow([.. ((string[])[model.Name, model.Network, $"{model.InputSize} px", $"{model.Classes}", $"{model.Bytes / 1048576.0:F1} MiB", model.Path]).Select(Markup.Escape)]);
        AnsiConsole.Write(table);
        Console.WriteLine($"Networks known by name: {string.Join(", ", NamedConfigs.All.Select(config => config.Name))}");
        return ExitCode.Ok;
    }

    private static ModelListing Describe(ModelFiles files, bool bundled)
    {
        ModelMetadata metadata = OnnxMetadata.Read(files.Main);
        long bytes = new FileInfo(files.Main).Length + (File.Exists(files.Rescore) ? new FileInfo(files.Rescore).Length : 0);
        return new ModelListing(files.Name, bundled, metadata.Config.Name, metadata.Config.InputSize, metadata.Config.Classes.Count, bytes, files.Main);
    }
}

/// <summary>One model as <c>model list --json</c> prints it.</summary>
/// <param name="Name">What <c>--model</c> takes.</param>
/// <param name="Bundled">Whether it came with the program.</param>
/// <param name="Network">Name of its config.</param>
/// <param name="InputSize">Side of the network's input in px.</param>
/// <param name="Classes">Number of classes.</param>
/// <param name="Bytes">Size of its files.</param>
/// <param name="Path">Of the main file.</param>
public sealed record ModelListing(string Name, bool Bundled, string Network, int InputSize, int Classes, long Bytes, string Path);

/// <summary>What <c>model list --json</c> prints.</summary>
/// <param name="Models">The models at hand.</param>
/// <param name="Networks">Names that <c>model import --config</c> knows.</param>
public sealed record ModelCatalogue(IReadOnlyList<ModelListing> Models, IReadOnlyList<string> Networks);

[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.SnakeCaseLower, WriteIndented = true)]
[JsonSerializable(typeof(ModelCatalogue))]
internal sealed partial class ModelListJson : JsonSerializerContext;
