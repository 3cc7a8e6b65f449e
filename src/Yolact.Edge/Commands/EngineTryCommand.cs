using System.CommandLine;
using System.Globalization;
using System.Text.Json;
using Yolact.Edge.Configuration;
using Yolact.Edge.Engines;
using Yolact.Edge.Models;
using Yolact.Edge.Vision.Engines.Providers;

namespace Yolact.Edge.Commands;

/// <summary><c>engine try</c>: starts a network as the appliance would, and says what came of it.</summary>
internal static class EngineTryCommand
{
    public static Command Create()
    {
        var model = new Argument<string?>("MODEL")
        {
            Description = "An .onnx file, a folder with one, or a model's name; the configured one if left out.",
            Arity = ArgumentArity.ZeroOrOne,
        };
        Option<string?> file = ConfigurationArguments.File();
        Option<string[]> settings = ConfigurationArguments.Settings();
        var json = new Option<bool>("--json") { Description = "Print JSON." };
        var command = new Command("try", """
            Start a network as the appliance would, engine build included, warm it up, and say which provider runs it, why not a better one, and what
            memory it takes.

            Exit codes: 0 it runs; 1 a build failed or was killed; 2 it cannot run here, or takes more memory than it may.
            """)
        { model, file, settings, json };
        command.SetAction((result, cancellation) => Task.Run(() => CommandErrors.Guard(() =>
        {
            ApplianceOptions options = EngineCommand.Configured(result, file, settings);
            StartedEngine started = EngineStart.OnThisMachine(options.Telemetry.Root).Open(
                ModelFolders.Find(result.GetValue(model) ?? options.Model.Path), options.Detector, new EngineProgressLine(), cancellation);
            started.Detector.Dispose();
            if (result.GetValue(json))
                Console.WriteLine(JsonSerializer.Serialize(started.Report, EngineJson.Default.EngineReport));
            else
                Print(started.Report);
            return ExitCode.Ok;
        })));
        return command;
    }

    private static void Print(EngineReport report)
    {
        Console.WriteLine($"runs on {ProviderChoice.NameOf(report.Choice.Provider)}");
        foreach (PassedOver one in report.Choice.PassedOver)
            Console.WriteLine($"passed over {one}");
        if (report.EngineId is { } id)
            Console.WriteLine(report.BuildSeconds is { } time ? string.Create(CultureInfo.InvariantCulture, $"engine {id}, built in {time:F1} s") : $"engine {id}, from the cache");
        Console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"{report.Memory.Mib:F0} MiB of {report.BudgetMib} MiB ({report.Memory.Source})"));
        foreach (string note in report.Notes)
            CommandErrors.Note(note);
    }
}
