using System.CommandLine;
using System.Globalization;
using System.Text.Json;
using Spectre.Console;
using Yolact.Edge.Engines;
using Yolact.Edge.Vision.Engines;

namespace Yolact.Edge.Commands;

/// <summary><c>engine list</c>: the engines that were built.</summary>
internal static class EngineListCommand
{
    public static Command Create()
    {
        Option<string?> file = ConfigurationArguments.File();
        Option<string[]> settings = ConfigurationArguments.Settings();
        var json = new Option<bool>("--json") { Description = "Print JSON, with the whole key of each." };
        var command = new Command("list", "List the engines of the cache: what they are for, and whether this machine can use them. Every file is read and compared.")
        {
            file, settings, json,
        };
        command.SetAction(result => CommandErrors.Guard(() =>
        {
            EngineOptions options = EngineCommand.Configured(result, file, settings).Detector.Engine;
            EngineFacts facts = EngineFacts.Read(options);
            IReadOnlyList<CachedEngine> engines =
                [.. EngineCommand.CacheOf(options).List(thorough: true).Select(entry => entry with { Problem = facts.ProblemOf(entry) })];
            if (result.GetValue(json))
                Console.WriteLine(JsonSerializer.Serialize(engines, EngineJson.Default.IReadOnlyListCachedEngine));
            else
                Print(engines, facts.CacheFolder);
            return ExitCode.Ok;
        }));
        return command;
    }

    private static void Print(IReadOnlyList<CachedEngine> engines, string folder)
    {
        if (engines.Count == 0)
        {
            Console.WriteLine($"No engines in {folder}.");
            return;
        }
        var table = new Table().AddColumns("engine", "model", "precision", "made with", "GPU", "MiB", "built in", "here");
        foreach (CachedEngine entry in engines)
        {
            string[] cells = entry.Manifest is { Key: { } key } manifest
                ?
                [
                    entry.Id, key.Model, key.Precision, $"TensorRT {key.TensorRt}, CUDA {key.Cuda}, ONNX Runtime {key.OnnxRuntime}", key.Gpu,
                    (manifest.Bytes >> 20).ToString(CultureInfo.InvariantCulture), string.Create(CultureInfo.InvariantCulture, $"{manifest.BuildSeconds:F0} s"),
                ]
                : [entry.Id, "", "", "", "", "", ""];
            table.AddRow([.. cells.Append(entry.Problem ?? "yes").Select(cell => new Text(cell))]);
        }
        AnsiConsole.Write(table);
    }
}
