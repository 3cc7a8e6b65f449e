using System.CommandLine;
using Spectre.Console;
using Yolact.Edge.Model.Anchors;
using Yolact.Edge.Model.Configs;
using Yolact.Edge.Model.Import;
using Yolact.Edge.Models;

namespace Yolact.Edge.Commands;

/// <summary><c>model info</c>: what a model file says of itself.</summary>
public static class ModelInfoCommand
{
    /// <summary>The command.</summary>
    public static Command Create()
    {
        var model = new Argument<string?>("MODEL") { Description = "An .onnx file, a folder with one, or a model's name; the bundled one if left out.", Arity = ArgumentArity.ZeroOrOne };
        var json = new Option<bool>("--json") { Description = "Print the config as JSON." };
        var command = new Command("info", "Show a model's network, classes, origin and files.") { model, json };
        command.SetAction(result => CommandErrors.Guard(() => Show(result.GetValue(model), result.GetValue(json))));
        return command;
    }

    private static int Show(string? name, bool json)
    {
        ModelFiles files = ModelFolders.Find(name);
        ModelMetadata metadata = OnnxMetadata.Read(files.Main);
        YolactConfig config = metadata.Config;
        if (json)
        {
            Console.WriteLine(ConfigFile.Write(config));
            return ExitCode.Ok;
        }
        string backbone = config.Backbone.Kind == BackboneKind.Darknet
            ? "Darknet"
            : $"ResNet, {config.Backbone.Block.ToString().ToLowerInvariant()} blocks, width {config.Backbone.Width}";
        int side = FeatureLevels.Prototype(config);
        var grid = new Grid().AddColumn().AddColumn();
        void Row(string key, string value) => grid.AddRow(new Text(key), new Text(value));
        Row("model", files.Main);
        Row("network", config.Name);
        Row("input", $"{config.InputSize} x {config.InputSize} px, {metadata.Options.Input.ToString().ToLowerInvariant()}");
        Row("backbone", $"{backbone}, blocks {string.Join(" ", config.Backbone.Blocks)}");
        Row("deformable 3x3", $"{config.Backbone.DeformableBlocks().Count()} (written as {metadata.Options.Deform.ToString().ToLowerInvariant()})");
        Row("priors", $"{AnchorGrid.Count(config):N0} ({config.Anchors.PerCell} a cell)");
        Row("prototypes", $"{config.Prototypes.Count} of {side} x {side}");
        Row("re-scoring", config.MaskRescoring is null ? "none" : files.Rescore + (File.Exists(files.Rescore) ? "" : " (MISSING)"));
        Row("weights", metadata.Options.Weights.ToString().ToLowerInvariant());
        if (metadata.Quantisation is { } int8)
        {
            Row("int8", $"{int8.Operators} operators, for {int8.Target}; ranges by {int8.Method} over {int8.Pictures} pictures; weights of {int8.WeightBits} bits");
            Row("in floats", string.Join(Environment.NewLine, int8.Kept));
        }
        Row("computes in", metadata.Options.Compute.ToString().ToLowerInvariant());
        Row("classes", $"{config.Classes.Count}: {string.Join(", ", config.Classes)}");
        Row("written by", metadata.Builder);
        Row("source sha256", metadata.SourceSha256);
        AnsiConsole.Write(grid);
        return ExitCode.Ok;
    }
}
