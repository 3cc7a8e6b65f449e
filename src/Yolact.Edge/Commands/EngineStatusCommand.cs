using System.CommandLine;
using System.Text.Json;
using Spectre.Console;
using Yolact.Edge.Engines;

namespace Yolact.Edge.Commands;

/// <summary><c>engine status</c>: what this machine has to run a network with.</summary>
internal static class EngineStatusCommand
{
    public static Command Create()
    {
        Option<string?> file = ConfigurationArguments.File();
        Option<string[]> settings = ConfigurationArguments.Settings();
        var json = new Option<bool>("--json") { Description = "Print JSON." };
        var command = new Command("status", """
            Show the native library, its execution providers, TensorRT, CUDA, the GPU and the engine cache. Nothing is run: whether a provider works is
            seen by starting.

            Exit codes: 0 the library can be used; 2 it cannot.
            """)
        { file, settings, json };
        command.SetAction(result => CommandErrors.Guard(() =>
        {
            EngineFacts facts = EngineFacts.Read(EngineCommand.Configured(result, file, settings).Detector.Engine);
            if (result.GetValue(json))
                Console.WriteLine(JsonSerializer.Serialize(facts, EngineJson.Default.EngineFacts));
            else
                Print(facts);
            return facts.NativeProblem is null ? ExitCode.Ok : ExitCode.BadInput;
        }));
        return command;
    }

    private static void Print(EngineFacts facts)
    {
        var grid = new Grid().AddColumn().AddColumn();
        void Row(string key, string value) => grid.AddRow(new Text(key), new Text(value));
        Row("ONNX Runtime", facts.NativeLibrary is { } library ? $"{library.Version}, {library.Path}" : facts.NativeProblem!);
        Row("managed side", facts.ManagedVersion);
        Row("providers", facts.Providers.Count > 0 ? string.Join(", ", facts.Providers) : "none");
        Row("TensorRT", facts.Gpu.TensorRt);
        Row("CUDA", facts.Gpu.Cuda);
        Row("GPU", facts.Gpu.Gpu);
        Row("engine cache", facts.CacheProblem is { } problem ? $"{facts.CacheFolder} (CANNOT BE WRITTEN: {problem})" : facts.CacheFolder);
        Row("engines", $"{facts.Engines.Count(entry => facts.ProblemOf(entry) is null)} of {facts.Engines.Count} can be used here");
        AnsiConsole.Write(grid);
    }
}
