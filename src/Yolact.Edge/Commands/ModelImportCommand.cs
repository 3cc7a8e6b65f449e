using System.CommandLine;
using Yolact.Edge.Model.Configs;
using Yolact.Edge.Model.Graphs;
using Yolact.Edge.Model.Import;
using Yolact.Edge.Model.Parameters;
using Yolact.Edge.Models;

namespace Yolact.Edge.Commands;

/// <summary><c>model import</c>: from a checkpoint to ONNX graphs.</summary>
public static class ModelImportCommand
{
    /// <summary>The command.</summary>
    public static Command Create()
    {
        var file = new Argument<FileInfo?>("FILE") { Description = "A checkpoint: PyTorch .pth (zip or legacy format) or .safetensors.", Arity = ArgumentArity.ZeroOrOne };
        var synthetic = new Option<string?>("--synthetic")
        {
            Description = "Instead of a checkpoint: this network (a name or a .json file) with made-up weights, to measure its time. It finds nothing sensible.",
            HelpName = "NETWORK",
        };
        var config = new Option<string?>("--config") { Description = "The network: a name ('model list') or a .json file. Left out, it is told from the checkpoint." };
        var name = new Option<string?>("--name") { Description = "Name of the model. Default: the checkpoint's file name." };
        var output = new Option<DirectoryInfo?>("--output", "-o") { Description = $"Folder to write to. Default: {ModelFolders.Imported}" };
        var deform = new Option<DeformLowering>("--dcn")
        {
            Description = "Deformable convolutions as ONNX's DeformConv (native, opset 19: TensorRT 10.1 and later) or as Pad, Gather and MatMul (gather, opset 17: older runtimes).",
        };
        var weights = new Option<WeightStorage>("--weights") { Description = "Store weights in 4 or 2 bytes. Storage only: the engine decides what it computes in." };
        var compute = new Option<ComputePrecision>("--compute")
        {
            Description = "What the graph itself computes in: fp32 lets the engine choose; fp16 is for TensorRT 11 and later, which takes its precision from the graph alone.",
        };
        var input = new Option<InputForm>("--input") { Description = "Take the picture as unrounded float planes (as trained), or as uint8 pixels (for cameras that scale in hardware)." };
        var taps = new Option<bool>("--taps") { Description = "Make inner values outputs too (C2..P7, raw heads): for checks against reference data, not for production." };
        var command = new Command("import", """
            Turn a checkpoint into ONNX graphs that the engine and TensorRT take. Needs neither Python nor CUDA; nothing in the file is executed.

            Examples:
              yolact-edge model import yolact_plus_resnet50_54_800000.pth
              yolact-edge model import mine.pth --config mine.json -o models
              yolact-edge model import yolact_plus_base_54_800000.pth --dcn gather --weights fp16
              yolact-edge model import --synthetic yolact_plus_resnet50 -o /tmp/models

            Exit codes: 0 written; 1 the files could not be written; 2 the checkpoint or config is wrong.
            """)
        { file, synthetic, config, name, output, deform, weights, compute, input, taps };
        command.Validators.Add(parsed =>
        {
            if (parsed.GetValue(file) is null == parsed.GetValue(synthetic) is null)
                parsed.AddError("Give a checkpoint, or --synthetic with the name of a network.");
            if (parsed.GetValue(synthetic) is not null && parsed.GetValue(config) is not null)
                parsed.AddError("--synthetic names the network itself: leave --config out.");
        });
        command.SetAction((result, cancellation) => Task.Run(() => CommandErrors.Guard(() =>
        {
            string folder = result.GetValue(output)?.FullName ?? ModelFolders.Imported;
            var options = new ImportOptions
            {
                Deform = result.GetValue(deform),
                Weights = result.GetValue(weights),
                Compute = result.GetValue(compute),
                Input = result.GetValue(input),
                Taps = result.GetValue(taps),
            };
            if (result.GetValue(synthetic) is { } made)
                return MakeUp(ConfigFile.Resolve(made), options, result.GetValue(name), folder, cancellation);
            YolactConfig? network = result.GetValue(config) is { } text ? ConfigFile.Resolve(text) : null;
            return Import(result.GetRequiredValue(file)!, network, options, result.GetValue(name), folder, cancellation);
        })));
        return command;
    }

    /// <summary>Imports with a progress bar and says what was written.</summary>
    /// <param name="file">The checkpoint.</param>
    /// <param name="config">The network; null to tell it from the checkpoint.</param>
    /// <param name="options">How to write it.</param>
    /// <param name="name">Of the model; null for the file's.</param>
    /// <param name="folder">Where to.</param>
    /// <param name="cancellation">Stops; nothing half-written stays.</param>
    /// <returns>The exit code.</returns>
    internal static int Import(FileInfo file, YolactConfig? config, ImportOptions options, string? name, string folder, CancellationToken cancellation)
    {
        if (!file.Exists)
            throw new FileNotFoundException($"There is no checkpoint {file.FullName}.");
        name ??= Path.GetFileNameWithoutExtension(file.Name);
        ImportResult? imported = null;
        Progress.Start($"importing {file.Name}", progress =>
            imported = ModelImporter.Import(file.FullName, config, options, ModelFiles.In(folder, name), progress, cancellation));
        ImportResult model = imported!;
        if (model.Note is { } note)
            CommandErrors.Note($"{file.Name}: {note}");
        SayWritten(model.Files);
        Console.WriteLine($"{model.Config.Name}: {model.Config.Classes.Count} classes, {model.Config.InputSize} px. Try: yolact-edge detect IMAGE --model {model.Files.Main}");
        return ExitCode.Ok;
    }

    private static int MakeUp(YolactConfig config, ImportOptions options, string? name, string folder, CancellationToken cancellation)
    {
        ModelFiles files = ModelFiles.In(folder, name ?? $"{config.Name}-synthetic");
        Directory.CreateDirectory(folder);
        var metadata = new ModelMetadata(config, ModelMetadata.ThisBuilder, "", options);
        Progress.Start($"making up {config.Name}", progress => ModelWriter.Write(metadata, MadeUpWeights.ReaderFor(config), files, progress, cancellation));
        SayWritten(files);
        Console.WriteLine($"{config.Name} with made-up weights: for 'yolact-edge bench IMAGE --model {files.Main}'. What it finds means nothing.");
        return ExitCode.Ok;
    }

    private static void SayWritten(ModelFiles files)
    {
        foreach (string path in ((string[])[files.Main, files.Rescore]).Where(File.Exists))
            Console.WriteLine($"{path} ({new FileInfo(path).Length / 1048576.0:F1} MiB)");
    }
}
